import { expect, it } from 'vitest'
import { conversation } from './conversation'

const by = { id: 'p', name: '何静' }

it('keeps every review, and says which one no longer counts', () => {
  const acts = conversation({
    author: by,
    queries: [],
    discards: [],
    field_notes: [],
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

it('tells what the inspector added on site and why it was declared void', () => {
  const acts = conversation({
    author: by,
    queries: [],
    comments: [],
    reviews: [],
    field_notes: [
      {
        id: 'n',
        text: '东侧第三跨',
        by,
        written_at: '2026-05-25T02:00:00Z',
        received_at: '2026-05-25T05:00:00Z',
      },
    ],
    discards: [
      {
        id: 'd',
        effective: true,
        reason: '拍到无关人员',
        declared_at: '2026-05-25T02:10:00Z',
        received_at: '2026-05-25T05:00:00Z',
      },
    ],
  })
  expect(acts.map(({ title, text, tone }) => [title, text, tone])).toEqual([
    ['何静 现场补记', '东侧第三跨', 'neutral'],
    ['何静 声明作废', '拍到无关人员', 'bad'],
  ])
})
