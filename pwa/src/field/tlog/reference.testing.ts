/** For tests: a log as small as it can be, by recursion straight from the definitions of RFC 6962, section 2.1. */
import { utf8 } from '@shared/kit/crypto/encoding'
import { sha256 } from '@shared/kit/crypto/keys'

type Bytes = Uint8Array<ArrayBuffer>

const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1)
const node = (a: Bytes, b: Bytes) => sha256(Uint8Array.of(1, ...a, ...b))
export async function root(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length <= 1) return leaves[0] ?? sha256(utf8(''))
  const k = split(leaves.length)
  return node(await root(leaves.slice(0, k)), await root(leaves.slice(k)))
}
export async function path(m: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length <= 1) return []
  const k = split(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return m < k
    ? [...(await path(m, left)), await root(right)]
    : [...(await path(m - k, right)), await root(left)]
}
export async function growth(m: number, leaves: Bytes[], whole = true): Promise<Bytes[]> {
  if (m === leaves.length) return whole ? [] : [await root(leaves)]
  const k = split(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return m <= k
    ? [...(await growth(m, left, whole)), await root(right)]
    : [...(await growth(m - k, right, false)), await root(left)]
}
