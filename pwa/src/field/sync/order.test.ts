import { describe, expect, it } from 'vitest'
import type { OutboxRow, UploadRow } from '../db/rows'
import { nextBatch } from './push'
import { NO_RECALL } from './recall'
import { dueUploads } from './uploads'
import { countWaiting, isSettled, waitingThings } from './waiting'

const LABEL = { kind: 'capture', at: 1, subject: '县人民医院', seq: 1 }
const row = (id: string, chain: string | null, change: Partial<OutboxRow> = {}): OutboxRow => ({
  id,
  chain,
  operation: { kind: 'query.answer', id, query_id: 'q', text: 'x' },
  state: 'waiting',
  tries: 0,
  next_at: 0,
  cause: null,
  label: LABEL,
  ...change,
})
const file = (
  id: string,
  role: 'original' | 'preview',
  n: number,
  change: Partial<UploadRow> = {},
): UploadRow => ({
  key: `${id}:${role}`,
  n,
  capture_id: id,
  role,
  sha256: '',
  bytes: 100,
  type: 'image/jpeg',
  url: null,
  offset: 0,
  state: 'waiting',
  tries: 0,
  next_at: 0,
  cause: null,
  label: LABEL,
  ...change,
})
const ids = (rows: { id: string }[]) => rows.map((each) => each.id)

describe('nextBatch', () => {
  it('keeps the order in which things were made', () => {
    expect(ids(nextBatch([row('a', 's1'), row('b', null), row('c', 's1')], 0))).toEqual(['a', 'b', 'c'])
  })
  it('holds back what follows a row of the same chain that waits or needs attention', () => {
    const rows = [
      row('a', 's1', { next_at: 10 }),
      row('b', 's1'),
      row('c', 's2'),
      row('d', null),
      row('e', 's1'),
    ]
    expect(ids(nextBatch(rows, 5))).toEqual(['c', 'd'])
    expect(
      ids(nextBatch([row('a', 's1', { state: 'attention' }), row('b', 's1'), row('c', 's2')], 5)),
    ).toEqual(['c'])
  })
  it('does not wait for a try that a wrong clock planned', () => {
    const rows = [row('a', 's1', { next_at: Date.UTC(2030, 0, 1) }), row('b', 's1')]
    expect(ids(nextBatch(rows, Date.UTC(2026, 4, 25)))).toEqual(['a', 'b'])
  })
  it('sends at most 200, and at most about a mebibyte', () => {
    expect(
      nextBatch(
        Array.from({ length: 300 }, (_, i) => row(String(i), null)),
        0,
      ),
    ).toHaveLength(200)
    const heavy = {
      operation: { kind: 'query.answer' as const, id: 'x', query_id: 'q', text: 'x'.repeat(400_000) },
    }
    expect(nextBatch([row('a', null, heavy), row('b', null, heavy), row('c', null, heavy)], 0)).toHaveLength(
      2,
    )
  })
})

describe('dueUploads', () => {
  const context = { unstated: new Set<string>(), originals: true, now: 0 }
  const rows = [
    file('a', 'original', 1),
    file('b', 'original', 2),
    file('b', 'preview', 2),
    file('a', 'preview', 1),
  ]
  it('sends previews first, the oldest first', () => {
    expect(dueUploads(rows, context).map((each) => each.key)).toEqual([
      'a:preview',
      'b:preview',
      'a:original',
      'b:original',
    ])
  })
  it('waits for the statement of the capture', () => {
    expect(dueUploads(rows, { ...context, unstated: new Set(['a']) })[0]?.key).toBe('b:preview')
  })
  it('keeps originals for a network that may carry them', () => {
    expect(dueUploads(rows.slice(0, 2), { ...context, originals: false })).toEqual([])
  })
})

describe('waitingThings', () => {
  it('names one thing per photo, whatever is still to send of it', () => {
    const things = waitingThings(
      [row('a', 's1')],
      [file('a', 'original', 1, { offset: 40 }), file('a', 'preview', 1)],
    )
    expect(things).toHaveLength(1)
    expect(things[0]).toMatchObject({ parts: ['record', 'original', 'preview'], bytes: 100, sent: 40 })
    expect(countWaiting(things)).toEqual({ captures: 1, originalsOnly: 0, others: 0, attention: 0 })
  })
  it('puts what needs a person first, with that cause', () => {
    const cause = { code: 'signature_invalid', at: 1 }
    const things = waitingThings([row('a', 's1'), row('b', 's1', { state: 'attention', cause })], [])
    expect(things.map((thing) => thing.key)).toEqual(['b', 'a'])
    expect(things[0]).toMatchObject({ attention: true, cause })
  })
})

describe('isSettled', () => {
  it('is said only when nothing waits and the server is not known to lack anything', () => {
    expect(isSettled([], NO_RECALL)).toBe(true)
    expect(isSettled(waitingThings([row('a', 's1')], []), NO_RECALL)).toBe(false)
    expect(isSettled([], { ...NO_RECALL, pending: true })).toBe(false)
    expect(isSettled([], { ...NO_RECALL, unsendable: 1 })).toBe(false)
    const gone = file('a', 'original', 1, { state: 'attention', cause: { code: 'original_not_held', at: 1 } })
    expect(isSettled(waitingThings([], [gone]), NO_RECALL)).toBe(false)
  })
})
