import { expect, it } from 'vitest'
import type { Citation } from './queries'
import { needs } from './readiness'

const citation = (part: Partial<Citation>): Citation => ({
  capture_id: 'c',
  statement_sha256: '00',
  captured_at: '2026-05-25T09:30:00Z',
  author: { id: 'p', name: '林夏' },
  decision: 'accepted',
  originals_received: 1,
  originals_total: 1,
  cited_by: { id: 'p', name: '何静' },
  cited_at: '2026-05-25T10:30:00Z',
  ...part,
})
const open = (facts: string, evidence: Citation[]) =>
  needs({ facts, evidence })
    .filter((one) => !one.done)
    .map((one) => one.need)

it('an empty draft needs everything', () => {
  expect(open('  ', [])).toEqual(['facts', 'evidence', 'accepted', 'received'])
})

it('every citation must be accepted and complete', () => {
  expect(open('x', [citation({})])).toEqual([])
  expect(open('x', [citation({}), citation({ decision: 'pending' })])).toEqual(['accepted'])
  expect(open('x', [citation({ originals_received: 0 })])).toEqual(['received'])
})
