/** What a chain must look like: every statement follows the one before it, and a seal counts them all. Pure. */
import { base64url, fromBase64url } from '@shared/kit/crypto/encoding'
import { sha256, verify } from '@shared/kit/crypto/keys'

export interface Link {
  statement: string
  signature: string
}

interface Spoken {
  t: string
  id: string
  dev: string
  spki?: string
  ses?: string
  seq?: number
  prev?: string
  count?: number
  prev_seal?: string | null
}

export type ChainFault = 'opening' | 'signature' | 'order' | 'link' | 'count' | 'after_seal'

const read = ({ statement }: Link): Spoken =>
  JSON.parse(new TextDecoder().decode(fromBase64url(statement))) as Spoken

/** The first fault of one session's statements, in the order given; `null` when nothing is wrong with them. */
export async function chainFault(links: readonly Link[]): Promise<ChainFault | null> {
  const [first] = links
  if (!first) return 'opening'
  const opening = read(first)
  if (opening.t !== 'session/1' || !opening.spki) return 'opening'
  const spki = fromBase64url(opening.spki)
  if (base64url(await sha256(spki)) !== opening.dev) return 'opening'

  let prev = ''
  let sealed = false
  for (const [index, link] of links.entries()) {
    const bytes = fromBase64url(link.statement)
    const spoken = read(link)
    if (!(await verify(spki, fromBase64url(link.signature), bytes))) return 'signature'
    if (index > 0) {
      if (spoken.ses !== opening.id || spoken.dev !== opening.dev || spoken.seq !== index) return 'order'
      if (spoken.prev !== prev) return 'link'
      if (sealed && spoken.t !== 'cosign/1') return 'after_seal'
      if (spoken.t === 'seal/1') {
        if (spoken.count !== index - 1) return 'count'
        sealed = true
      }
    }
    prev = base64url(await sha256(bytes))
  }
  return null
}

/** Sessions in the order in which a phone opened them: each names the seal before it. */
export async function sessionFault(sessions: readonly (readonly Link[])[]): Promise<ChainFault | null> {
  let seal: string | null = null
  for (const links of sessions) {
    const fault = await chainFault(links)
    if (fault) return fault
    const [first] = links
    if (!first || (read(first).prev_seal ?? null) !== seal) return 'link'
    for (const link of links)
      if (read(link).t === 'seal/1') seal = base64url(await sha256(fromBase64url(link.statement)))
  }
  return null
}
