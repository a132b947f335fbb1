import { describe, expect, it } from 'vitest'
import { ed25519Holds } from './ed25519'
import { fromBase64, utf8 } from './encoding'

const bytes = (digits: string) =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** RFC 8032, section 7.1: tests 1 to 3 and the one of SHA(abc). */
const VECTORS = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

/** The same multiple of the base point, written another way. */
function plusOrder(signature: Uint8Array): Uint8Array {
  let s = 0n
  for (const byte of signature.slice(32).reverse()) s = (s << 8n) | BigInt(byte)
  s += ORDER
  return Uint8Array.of(
    ...signature.slice(0, 32),
    ...Array.from({ length: 32 }, (_, at) => Number((s >> BigInt(8 * at)) & 255n)),
  )
}

describe('Ed25519 without WebCrypto', () => {
  it.each(VECTORS)('holds as RFC 8032 says, and for nothing else', async (key, message, signature) => {
    const told = [bytes(key), bytes(signature), bytes(message)] as const
    expect(await ed25519Holds(...told)).toBe(true)
    expect(await ed25519Holds(told[0], told[1], bytes(`${message}00`))).toBe(false)
    expect(await ed25519Holds(told[0], plusOrder(told[1]), told[2])).toBe(false)
    for (const place of [0, 31, 32, 63]) {
      const changed = told[1].map((byte, at) => (at === place ? byte ^ 1 : byte))
      expect(await ed25519Holds(told[0], changed, told[2])).toBe(false)
    }
    expect(await ed25519Holds(told[0], told[1].slice(1), told[2])).toBe(false)
  })

  it('agrees with WebCrypto', async () => {
    for (let round = 0; round < 8; round++) {
      const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
      const key = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
      const message = utf8(`line ${round}`)
      const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message))
      expect(await ed25519Holds(key, signature, message)).toBe(true)
    }
  })

  it('takes no bytes for a key that are those of no point', async () => {
    const signature = bytes(VECTORS[0][2])
    const several = [
      'AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      '7v///////////////////////////////////////38=',
    ]
    for (const key of several) expect(await ed25519Holds(fromBase64(key), signature, utf8(''))).toBe(false)
  })
})
