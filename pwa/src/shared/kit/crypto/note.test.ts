import { afterEach, describe, expect, it, vi } from 'vitest'
import { base64, utf8 } from './encoding'
import { sha256 } from './keys'
import { BadNote, checkNote, readCheckpoint, readNote, verifierKey } from './note'

/** The example of C2SP signed-note.md. */
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`

async function newKey(name: string) {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const typed = Uint8Array.of(1, ...raw)
  const id = (await sha256(Uint8Array.of(...utf8(`${name}\n`), ...typed))).slice(0, 4)
  const text = `${name}+${[...id].map((byte) => byte.toString(16).padStart(2, '0')).join('')}+${base64(typed)}`
  const sign = async (body: string) => {
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, utf8(body)))
    return `— ${name} ${base64(Uint8Array.of(...id, ...signature))}\n`
  }
  return { text, sign }
}

afterEach(() => void vi.restoreAllMocks())

describe('a signed note', () => {
  it('of the specification holds', async () => {
    expect(await checkNote(readNote(NOTE), await verifierKey(VKEY))).toBe(true)
  })

  it('fails when a letter is another, or when somebody else signed it', async () => {
    const key = await verifierKey(VKEY)
    expect(await checkNote(readNote(NOTE.replace('example message', 'exemple message')), key)).toBe(false)
    const other = await verifierKey((await newKey('example.com/foo')).text)
    expect(await checkNote(readNote(NOTE), other)).toBe(false)
  })

  it('holds beside signatures of keys that nobody here knows', async () => {
    const stranger = await newKey('witness.example/1')
    const note = readNote(NOTE + (await stranger.sign('This is an example message.\n')))
    expect(note.signatures).toHaveLength(2)
    expect(await checkNote(note, await verifierKey(VKEY))).toBe(true)
  })

  it('is checked where WebCrypto knows no Ed25519, too', async () => {
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
    const key = await verifierKey(VKEY)
    expect(await checkNote(readNote(NOTE), key)).toBe(true)
    expect(await checkNote(readNote(NOTE.replace('example message', 'exemple message')), key)).toBe(false)
  })

  it('is refused when it has not the form of one', () => {
    for (const text of ['', 'text\n', 'text\n\n', 'text\n\n— a\n', `${NOTE}x`, NOTE.replace('Uw2Q', '????')])
      expect(() => readNote(text)).toThrow(BadNote)
  })
})

describe('a verifier key', () => {
  it('carries the id that follows from its name and key', async () => {
    await expect(verifierKey(VKEY.replace('530d903a', '530d903b'))).rejects.toThrow(BadNote)
    await expect(verifierKey(VKEY.replace('example.com/foo', 'example.com/bar'))).rejects.toThrow(BadNote)
    for (const text of ['', 'a+b', VKEY.slice(0, -4), VKEY.replace('foo', 'f oo')])
      await expect(verifierKey(text)).rejects.toThrow(BadNote)
  })
})

describe('a checkpoint', () => {
  const root = base64(new Uint8Array(32).fill(7))
  const read = (text: string) => readCheckpoint({ text, signatures: [] })

  it('says origin, size and root', () => {
    const body = `zhicha.example/log\n42\n${root}\n`
    expect(read(body)).toEqual({
      origin: 'zhicha.example/log',
      size: 42,
      root: new Uint8Array(32).fill(7),
      body,
    })
    expect(read(`${body}an extension line\n`).size).toBe(42)
  })

  it('is refused with leading zeroes, signs, short hashes or empty lines', () => {
    for (const size of ['042', '-1', '+1', '1.0', '', '99999999999999999'])
      expect(() => read(`o\n${size}\n${root}\n`)).toThrow(BadNote)
    for (const text of ['', 'o\n1\n', `o\n1\n${root}`, `o\n1\n${root}\n\n`, 'o\n1\nAAAA\n', `\n1\n${root}\n`])
      expect(() => read(text)).toThrow(BadNote)
  })
})
