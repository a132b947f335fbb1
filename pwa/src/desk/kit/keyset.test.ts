import { describe, expect, it } from 'vitest'
import { appendPage, mergeHead, replaceRow } from './keyset'

const rows = (ids: string, v = 1) => [...ids].map((id) => ({ id, v }))
const ids = (list: readonly { id: string }[]) => list.map((row) => row.id).join('')

describe('new rows at the head', () => {
  it('go in front of what is known, and known rows are renewed in place', () => {
    const { merged, fresh, gap, renewed } = mergeHead(rows('dcba'), rows('fedc', 2))
    expect(ids(merged)).toBe('fedcba')
    expect(ids(fresh)).toBe('fe')
    expect(gap).toBe(false)
    expect(renewed.map((row) => row.v)).toEqual([2, 2, 1, 1])
  })

  it('arrive late into the middle, where the server puts them', () => {
    expect(ids(mergeHead(rows('dba'), rows('dcba')).merged)).toBe('dcba')
    expect(ids(mergeHead(rows('dc'), rows('dcb')).merged)).toBe('dcb')
  })

  it('keep a row that left the filter where it was', () => {
    expect(ids(mergeHead(rows('dcba'), rows('edba')).merged)).toBe('edcba')
  })

  it('are a gap when the page knows nothing of the list', () => {
    expect(mergeHead(rows('ba'), rows('zyx'))).toMatchObject({ gap: true })
    expect(mergeHead([], rows('ba'))).toMatchObject({ gap: false })
    expect(ids(mergeHead([], rows('ba')).merged)).toBe('ba')
  })

  it('change nothing when there are none', () => {
    expect(ids(mergeHead(rows('ba'), []).merged)).toBe('ba')
    expect(mergeHead(rows('ba'), rows('b')).fresh).toEqual([])
  })
})

it('a next page never repeats a row', () => {
  expect(ids(appendPage(rows('dcb'), rows('ba')))).toBe('dcba')
})

it('a row read anew takes its own place only', () => {
  const known = rows('cba')
  expect(replaceRow(known, { id: 'b', v: 9 })).toEqual([
    { id: 'c', v: 1 },
    { id: 'b', v: 9 },
    { id: 'a', v: 1 },
  ])
  expect(replaceRow(known, { id: 'x', v: 9 })).toBe(known)
})
