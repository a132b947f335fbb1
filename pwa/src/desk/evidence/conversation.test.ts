import { expect, it } from 'vitest'
import { conversation } from './conversation'

const by = { id: 'p', name: '何静' }

it('keeps every review, and says which one no longer counts', () => {
  const acts = conversation({
    author: by,
    queries: [],
    comments: [{ id: 'c', text: '看仔细', by, at: '2026-05-25T02:30:00Z' }],
    reviews: [
      { id: 'r1', decision: 'accepted', reason: '', by, at: '2026-05-25T02:00:00Z' },
      { id: 'r2', decision: 'rejected', reason: '画面模糊', by, at: '2026-05-25T03:00:00Z' },
    ],
  })
  expect(acts.map(({ id, superseded }) => [id, superseded])).toEqual([
    ['r1', true],
    ['c', false],
    ['r2', false],
  ])
})
