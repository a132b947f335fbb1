import { expect, it } from 'vitest'
import type { LogAlarm, LogState } from './queries'
import { standing } from './standing'

const NOW = Date.parse('2026-05-25T09:30:00Z')
const authority = {
  name: 'tsa.example',
  size: 10,
  gen_time: '2026-05-25T09:00:00Z',
  certificate_until: null,
  pending_since: null,
  attempts: null,
}
const outside = {
  vouched: true,
  witnessed: false,
  published_size: 10,
  published_at: null,
  authorities: [authority],
  witnesses: [],
  renewals_due: 0,
}
const state: LogState = {
  origin: 'yunxi.example/log',
  vkeys: [],
  size: 10,
  unsigned: 0,
  pending: 0,
  pending_since: null,
  checkpoint: null,
  published: null,
  outside,
}
const failed = { count: 2, last_at: '', again_at: '', code: 'unreachable', detail: '' }

it('says the gravest first', () => {
  expect(standing(state, [], NOW)).toBe('good')
  expect(standing({ ...state, outside: { ...outside, authorities: [] } }, [], NOW)).toBe('alone')
  expect(
    standing(
      { ...state, outside: { ...outside, authorities: [{ ...authority, attempts: failed }] } },
      [],
      NOW,
    ),
  ).toBe('waiting')
  const pending = { ...state, pending: 3, pending_since: '2026-05-25T09:28:30Z' }
  expect(standing(pending, [], NOW)).toBe('stuck')
  expect(standing({ ...pending, pending_since: '2026-05-25T09:29:58Z' }, [], NOW)).toBe('good')
  expect(standing(pending, [{} as LogAlarm], NOW)).toBe('alarm')
})
