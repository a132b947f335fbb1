import { describe, expect, it } from 'vitest'
import { fromBase64, utf8 } from './encoding'
import { isConsistent, isIncluded, leafHash } from './merkle'
import vectors from './vectors/merkle.json'

/** Some vectors are hashes of no length at all: those are refused as well. */
const hashes = (texts: readonly (string | null)[] | null | undefined) =>
  (texts ?? []).map((text) => fromBase64(text ?? ''))

describe('the vectors of transparency-dev/merkle', () => {
  it.each(vectors.inclusion.map((vector) => [vector.name, vector] as const))(
    'inclusion %s',
    async (_, it) => {
      const included = await isIncluded({
        leaf: fromBase64(it.leafHash ?? ''),
        index: it.leafIdx,
        size: it.treeSize,
        hashes: hashes(it.proof),
        root: fromBase64(it.root ?? ''),
      })
      expect(included).toBe(!it.wantErr)
    },
  )

  it.each(vectors.consistency.map((vector) => [vector.name, vector] as const))(
    'consistency %s',
    async (_, it) => {
      const consistent = await isConsistent({
        old: { size: it.size1, root: fromBase64(it.root1 ?? '') },
        now: { size: it.size2, root: fromBase64(it.root2 ?? '') },
        hashes: hashes(it.proof),
      })
      // One vector takes two equal "roots" of twelve bytes for a proof; here a root is a SHA-256.
      const ofSha256 = [it.root1, it.root2].every((root) => fromBase64(root ?? '').length === 32)
      expect(consistent).toBe(!it.wantErr && ofSha256)
    },
  )
})

describe('a proof', () => {
  it('of a tree of one leaf is empty', async () => {
    const leaf = await leafHash(utf8('one'))
    expect(await isIncluded({ leaf, index: 0, size: 1, hashes: [], root: leaf })).toBe(true)
    expect(await isIncluded({ leaf, index: 0, size: 1, hashes: [leaf], root: leaf })).toBe(false)
  })

  it('from an empty tree says nothing and is refused', async () => {
    const root = await leafHash(utf8(''))
    expect(await isConsistent({ old: { size: 0, root }, now: { size: 0, root }, hashes: [] })).toBe(false)
  })

  it('with sizes that are no sizes is refused', async () => {
    const root = await leafHash(utf8('one'))
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(await isIncluded({ leaf: root, index: 0, size, hashes: [], root })).toBe(false)
      expect(await isConsistent({ old: { size, root }, now: { size, root }, hashes: [] })).toBe(false)
    }
  })
})
