import { base64url, fromBase64url, utf8 } from '@shared/kit/crypto/encoding'
import { newSigningKey, sha256, sign, verify } from '@shared/kit/crypto/keys'
import { describe, expect, it } from 'vitest'
import { captureStatement, privatePart, sealStatement, sessionStatement } from './statement'

const CLOCK = { wall_ms: 1_780_000_000_000, mono_ms: 1_780_000_000_001, tz_min: 480 }
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

async function chain() {
  const key = await newSigningKey()
  const session = await sessionStatement({
    id: 's',
    spki: key.spki,
    device_id: 'd',
    person_id: 'p',
    visit_id: 'v',
    from_ms: 1,
    to_ms: 2,
    app: 'test',
    prev_seal: null,
  })
  const link = { dev: session.dev, session_id: 's', seq: 1, prev: base64url(await sha256(session.bytes)) }
  return { key, session, link }
}

describe('statements', () => {
  it('bind a capture to its photo, its private part and its place in the chain', async () => {
    const { key, link } = await chain()
    const secret = privatePart({
      salt: utf8('0123456789abcdef'),
      person_id: 'p',
      gps: null,
      gps_error: 'denied',
      note: null,
    })
    const bytes = captureStatement(
      {
        id: 'c',
        visit_id: 'v',
        item_id: 'i',
        site_id: null,
        media: {
          sha256: await sha256(utf8('photo')),
          bytes: 5,
          type: 'image/jpeg',
          width: 4,
          height: 3,
          src: 'camera',
        },
        clock: CLOCK,
        anchor: { cp: 'c', size: 7, srv_ms: 10, mono_ms: 20 },
        private_sha256: await sha256(secret),
        online: false,
      },
      link,
    )
    const read = JSON.parse(text(bytes))
    expect(read).toMatchObject({
      t: 'capture/1',
      ses: 's',
      seq: 1,
      prev: link.prev,
      net: 'offline',
      site: null,
    })
    expect(read.anchor).toEqual({ cp: 'c', size: 7, srv_ms: 10, mono_ms: 20 })
    expect(read.media[0].sha256).toBe(base64url(await sha256(utf8('photo'))))
    expect(read.priv_h).toBe(base64url(await sha256(secret)))
    const signature = await sign(key.privateKey, bytes)
    expect(signature).toHaveLength(64)
    expect(await verify(key.spki, signature, bytes)).toBe(true)
    bytes[20] = (bytes[20] ?? 0) ^ 1
    expect(await verify(key.spki, signature, bytes)).toBe(false)
  })

  it('name the key by the digest of its public part', async () => {
    const { key, session } = await chain()
    const read = JSON.parse(text(session.bytes))
    expect(read.dev).toBe(base64url(await sha256(fromBase64url(read.spki))))
    expect(fromBase64url(read.spki)).toEqual(key.spki)
    expect(key.privateKey.extractable).toBe(false)
  })

  it('seal with the count of what came before', async () => {
    const { link } = await chain()
    const read = JSON.parse(text(sealStatement('x', { ...link, seq: 4 }, 3, CLOCK)))
    expect(read).toMatchObject({ t: 'seal/1', seq: 4, count: 3, clock: CLOCK })
  })
})
