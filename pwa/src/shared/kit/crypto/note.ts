/**
 * Signed notes, verifier keys and checkpoints as C2SP writes them (signed-note, tlog-checkpoint), with the one
 * signature type that the log uses: 0x01, Ed25519.
 */
import { ed25519Holds } from './ed25519'
import { base64, fromBase64, utf8 } from './encoding'
import { sha256 } from './keys'
import { sameBytes } from './merkle'

type Bytes = Uint8Array<ArrayBuffer>

const ED25519 = 0x01
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** A note with more lines of signatures is nobody's honest note. */
const MOST_SIGNATURES = 64

export class BadNote extends Error {
  override readonly name = 'BadNote'
}

/** Who signs a log: its name and public key, and the four bytes by which its signatures are found. */
export interface VerifierKey {
  name: string
  id: Bytes
  key: Bytes
}

const decoded = (text: string): Bytes => {
  try {
    const bytes = fromBase64(text)
    if (base64(bytes) === text) return bytes
  } catch {
    // said below
  }
  throw new BadNote('not base64')
}

/** `name+hex of the id+base64(0x01 ‖ key)`; the id must be the one that follows from name and key. */
export async function verifierKey(text: string): Promise<VerifierKey> {
  const [name = '', id = '', material = '', ...rest] = splitKey(text)
  if (rest.length > 0 || !isName(name) || !/^[0-9a-f]{8}$/.test(id)) throw new BadNote('not a verifier key')
  const typed = decoded(material)
  if (typed[0] !== ED25519 || typed.length !== 1 + KEY_BYTES) throw new BadNote('not an Ed25519 key')
  const known = (await sha256(concat(utf8(`${name}\n`), typed))).slice(0, 4)
  const said = Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  if (!sameBytes(known, said)) throw new BadNote('the id is not that of the key')
  return { name, id: known, key: typed.slice(1) }
}

/** The base64 of a key may itself contain a plus: only the first two divide. */
function splitKey(text: string): string[] {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  return first < 0 || second < 0
    ? []
    : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
}

const isName = (name: string): boolean => name !== '' && !/[\s+]/u.test(name)

function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export interface Note {
  /** What is signed, with its last newline. */
  text: string
  signatures: { name: string; id: Bytes; signature: Bytes }[]
}

export function readNote(note: string): Note {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) throw new BadNote('no signatures')
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) throw new BadNote('too many signatures')
  const signatures = lines.map((line) => {
    const [dash, name = '', proof = '', ...rest] = line.split(' ')
    if (dash !== '—' || !isName(name) || rest.length > 0) throw new BadNote('not a signature line')
    const bytes = decoded(proof)
    if (bytes.length < 5) throw new BadNote('a signature that is too short')
    return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) }
  })
  return { text: note.slice(0, split + 1), signatures }
}

/** Whether this key signed the bytes; by our own arithmetic where WebCrypto cannot say. */
export async function checkEd25519(key: Uint8Array, signature: Uint8Array, bytes: Bytes): Promise<boolean> {
  let imported: CryptoKey
  try {
    imported = await crypto.subtle.importKey('raw', concat(key), 'Ed25519', false, ['verify'])
  } catch (error) {
    return (error as Error).name === 'NotSupportedError' ? ed25519Holds(key, signature, bytes) : false
  }
  return crypto.subtle.verify('Ed25519', imported, concat(signature), bytes)
}

/** False also when this key did not sign the note at all. */
export async function checkNote(note: Note, by: VerifierKey): Promise<boolean> {
  const own = note.signatures.filter(({ name, id }) => name === by.name && sameBytes(id, by.id))
  for (const { signature } of own)
    if (signature.length !== SIGNATURE_BYTES || !(await checkEd25519(by.key, signature, utf8(note.text))))
      return false
  return own.length > 0
}

export interface Checkpoint {
  origin: string
  size: number
  root: Bytes
  /** What is signed; its SHA-256 names the checkpoint. */
  body: string
}

export function readCheckpoint({ text }: Note): Checkpoint {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n')
  const extensions = rest.slice(0, -1)
  if (origin === '' || rest.at(-1) !== '' || extensions.includes('')) throw new BadNote('not a checkpoint')
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) throw new BadNote('no size')
  const hash = decoded(root)
  if (hash.length !== 32) throw new BadNote('no root hash')
  return { origin, size: Number(size), root: hash, body: text }
}
