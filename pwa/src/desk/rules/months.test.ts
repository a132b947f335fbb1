import { expect, it } from 'vitest'
import { monthsOf } from './months'

it('begins every month on its weekday', () => {
  const months = monthsOf(2026)
  expect(months).toHaveLength(12)
  expect(months[0]?.slice(0, 4)).toEqual([null, null, null, { day: '2026-01-01', date: 1, weekend: false }])
  expect(months[1]?.at(-1)).toEqual({ day: '2026-02-28', date: 28, weekend: true })
  expect(months.flat().filter((day) => day !== null)).toHaveLength(365)
  expect(
    monthsOf(2028)
      .flat()
      .filter((day) => day !== null),
  ).toHaveLength(366)
})
