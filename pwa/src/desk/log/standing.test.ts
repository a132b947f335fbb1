import { expect, it } from 'vitest'
import type { LogAlarm, LogState } from './queries'
import { bodyStanding, nextPublication, standing } from './standing'

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

it('calls nothing well that no one outside has signed', () => {
  const witness = {
    name: 'notary',
    size: 0,
    signed_at: null,
    pending_since: null,
    alarm: false,
    attempts: null,
  }
  const asked = (changed: Partial<typeof outside> & { witnesses?: (typeof witness)[] }) =>
    standing({ ...state, outside: { ...outside, ...changed } as typeof outside }, [], NOW)
  expect(asked({ witnesses: [witness] as never })).toBe('early')
  expect(asked({ witnesses: [{ ...witness, signed_at: '2026-05-25T09:00:01Z' }] as never })).toBe('good')
  expect(asked({ authorities: [{ ...authority, gen_time: null as never }] })).toBe('early')

  const body = {
    at: null as string | null,
    pendingSince: null as string | null,
    attempts: null,
    alarm: false,
  }
  expect(bodyStanding(body)).toBe('early')
  expect(bodyStanding({ ...body, pendingSince: '2026-05-25T09:00:00Z' })).toBe('early')
  expect(bodyStanding({ ...body, at: '2026-05-25T09:00:01Z' })).toBe('good')
  expect(bodyStanding({ ...body, at: 'x', pendingSince: 'y' })).toBe('waits')
  expect(bodyStanding({ ...body, attempts: failed })).toBe('failed')
  expect(bodyStanding({ ...body, attempts: failed, alarm: true })).toBe('alarm')
})

it('names the next full hour', () => {
  expect(new Date(nextPublication(NOW)).toISOString()).toBe('2026-05-25T10:00:00.000Z')
  expect(new Date(nextPublication(Date.parse('2026-05-25T10:00:00Z'))).toISOString()).toBe(
    '2026-05-25T11:00:00.000Z',
  )
})
