/**
 * Checking proofs of an RFC 6962 Merkle tree (the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2). The phone
 * only ever checks; it never builds a tree. Sizes are safe integers, hashes 32 bytes of SHA-256.
 */
import { sha256 } from './keys'

type Bytes = Uint8Array<ArrayBuffer>

const HASH_BYTES = 32

function joined(prefix: number, ...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0))
  whole[0] = prefix
  let at = 1
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export const leafHash = (leaf: Uint8Array): Promise<Bytes> => sha256(joined(0, leaf))
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(joined(1, left, right))

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

const half = (n: number): number => Math.floor(n / 2)
const isOdd = (n: number): boolean => n % 2 === 1
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0
const areHashes = (...hashes: Uint8Array[]): boolean => hashes.every((hash) => hash.length === HASH_BYTES)

export interface InclusionProof {
  /** SHA-256(0x00 ‖ leaf). */
  leaf: Uint8Array
  index: number
  size: number
  hashes: readonly Uint8Array[]
  root: Uint8Array
}

/** Whether the leaf stands at this place of the tree of this size and root. */
export async function isIncluded({ leaf, index, size, hashes, root }: InclusionProof): Promise<boolean> {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes(leaf, root, ...hashes)) return false
  let position = index
  let last = size - 1
  let found: Uint8Array = leaf
  for (const hash of hashes) {
    if (last === 0) return false
    if (isOdd(position) || position === last) {
      found = await nodeHash(hash, found)
      while (!isOdd(position) && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else found = await nodeHash(found, hash)
    position = half(position)
    last = half(last)
  }
  return last === 0 && sameBytes(found, root)
}

export interface ConsistencyProof {
  old: { size: number; root: Uint8Array }
  now: { size: number; root: Uint8Array }
  hashes: readonly Uint8Array[]
}

/**
 * Whether the newer tree begins with all leaves of the older one, unchanged. Nothing follows from an empty tree:
 * a proof "from size 0" is refused, so that nobody takes it for one.
 */
export async function isConsistent({ old, now, hashes }: ConsistencyProof): Promise<boolean> {
  if (!isSize(old.size) || !isSize(now.size) || !areHashes(old.root, now.root, ...hashes)) return false
  if (old.size === 0 || old.size > now.size) return false
  if (old.size === now.size) return hashes.length === 0 && sameBytes(old.root, now.root)
  let position = old.size - 1
  let last = now.size - 1
  while (isOdd(position)) {
    position = half(position)
    last = half(last)
  }
  // A complete old tree is itself the first node; otherwise the proof names it.
  const [first, ...rest] = position === 0 ? [old.root, ...hashes] : hashes
  if (!first || hashes.length === 0) return false
  let before: Uint8Array = first
  let after: Uint8Array = first
  for (const hash of rest) {
    if (last === 0) return false
    if (isOdd(position) || position === last) {
      before = await nodeHash(hash, before)
      after = await nodeHash(hash, after)
      while (!isOdd(position) && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else after = await nodeHash(after, hash)
    position = half(position)
    last = half(last)
  }
  return last === 0 && sameBytes(before, old.root) && sameBytes(after, now.root)
}
