import { expect, it } from 'vitest'
import { lastDay } from '../../kit/days'
import { dayNumber } from './days'

it('the end of a day belongs to that day', () => {
  expect(lastDay('2026-05-25T16:00:00Z')).toBe('2026-05-25')
  expect(lastDay('2026-05-25T09:30:00Z')).toBe('2026-05-25')
})

it('days are counted without hours', () => {
  expect(dayNumber('2026-03-01') - dayNumber('2026-02-28')).toBe(1)
})
