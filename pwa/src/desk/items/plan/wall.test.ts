import { expect, it } from 'vitest'
import type { WallItem } from './queries'
import { axis, byUnit, nextOf, placeOf } from './wall'

const span = { from_on: '2026-01-01', to_on: '2026-12-31' }

it('puts the first day at the left edge, the last at the right, and nothing outside', () => {
  expect(placeOf('2026-01-01', span)).toBe(0)
  expect(placeOf('2026-12-31', span)).toBe(100)
  expect(placeOf('2025-05-01', span)).toBe(0)
  expect(placeOf('2027-05-01', span)).toBe(100)
})

it('marks months in a year, Mondays in a month, and never crowds', () => {
  expect(axis('2026-01-01', '2026-12-31')).toHaveLength(12)
  expect(axis('2026-05-01', '2026-05-31').map((tick) => tick.day)).toEqual([
    '2026-05-04',
    '2026-05-11',
    '2026-05-18',
    '2026-05-25',
  ])
  expect(axis('2020-01-01', '2030-12-31').length).toBeLessThanOrEqual(14)
})

it('stands still on a span of one day', () => {
  expect(placeOf('2026-05-01', { from_on: '2026-05-01', to_on: '2026-05-01' })).toBe(0)
})

const item = (unit: string, ...done: (string | null)[]): WallItem =>
  ({
    unit: { id: unit, name: unit },
    standing: 'ON_PLAN',
    milestones: done.map((day, at) => ({ name: `m${at}`, planned_on: `2026-06-0${at + 1}`, done_on: day })),
  }) as WallItem

it('names the first milestone that is not done', () => {
  expect(nextOf(item('a', '2026-06-01', null, null))).toEqual({ name: 'm1', day: '6-2' })
  expect(nextOf(item('a', '2026-06-01'))).toBeNull()
})

it('keeps the order in which units come', () => {
  expect(byUnit([item('b'), item('a'), item('b')]).map((one) => [one.id, one.items.length])).toEqual([
    ['b', 2],
    ['a', 1],
  ])
})
