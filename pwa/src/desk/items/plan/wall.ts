/** The wall chart's geometry: days become places between 0 and 100 percent of its width. */
import { locale } from '@shared/kit/i18n'
import { dayNumber } from './days'
import type { WallItem } from './queries'

interface Span {
  from_on: string
  to_on: string
}

export function placeOf(day: string, { from_on, to_on }: Span): number {
  const from = dayNumber(from_on)
  const share = (dayNumber(day) - from) / Math.max(1, dayNumber(to_on) - from)
  return Math.min(100, Math.max(0, share * 100))
}

export interface Tick {
  day: string
  at: number
  label: string
}
const MOST_TICKS = 14
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** First days of months, or of every second, third … month where they would crowd; Mondays in a short span. */
export function axis(from_on: string, to_on: string): Tick[] {
  const first = dayNumber(from_on)
  const last = dayNumber(to_on)
  const short = last - first <= 62
  const days: string[] = []
  for (let day = first; day <= last; day++) {
    const date = new Date(day * 86_400_000)
    if (short ? date.getUTCDay() === 1 : date.getUTCDate() === 1) days.push(date.toISOString().slice(0, 10))
  }
  const step = Math.max(1, Math.ceil(days.length / MOST_TICKS))
  return (
    days
      .filter((_, at) => at % step === 0)
      .map((day, at) => ({
        day,
        at: placeOf(day, { from_on, to_on }),
        label: labelOf(day, short, at === 0 || day.slice(5, 7) === '01'),
      }))
      // The last label would hang over the edge, and a year has no room before a close neighbour.
      .filter((tick) => tick.at <= 97)
      .map((tick, at, all) => fitting(tick, all[at + 1], short))
  )
}

/** A label with its year where there is room for it, a shorter one or the month alone where there is not. */
function fitting(tick: Tick, next: Tick | undefined, short: boolean): Tick {
  const room = next === undefined ? 100 : next.at - tick.at
  if (short || room >= 10 || !/\d{4}/.test(tick.label)) return tick
  const [year = '', month = ''] = tick.day.split('-')
  if (room < 6) return { ...tick, label: labelOf(tick.day, short, false) }
  return {
    ...tick,
    label:
      locale.value === 'en'
        ? `${MONTHS_EN[Number(month) - 1]} ’${year.slice(2)}`
        : `${year}.${Number(month)}`,
  }
}

function labelOf(day: string, short: boolean, first: boolean): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const named = locale.value === 'en' ? (MONTHS_EN[month - 1] ?? '') : `${month}月`
  if (short) return locale.value === 'en' ? `${date} ${named}` : `${named}${date}日`
  if (!first) return named
  return locale.value === 'en' ? `${named} ${year}` : `${year}年${named}`
}

/** The milestone that comes next, or is overdue: the first not done. */
export function nextOf(item: WallItem): { name: string; day: string } | null {
  if (item.standing === 'DONE') return null
  const next = item.milestones.find((one) => one.done_on === null)
  if (!next) return null
  const [, month, date] = next.planned_on.split('-').map(Number)
  return { name: next.name, day: `${month}-${date}` }
}

export interface UnitGroup {
  id: string
  name: string
  items: WallItem[]
}
export function byUnit(items: readonly WallItem[]): UnitGroup[] {
  const groups = new Map<string, UnitGroup>()
  for (const item of items) {
    const id = item.unit?.id ?? ''
    const group = groups.get(id) ?? { id, name: item.unit?.name ?? '', items: [] }
    group.items.push(item)
    groups.set(id, group)
  }
  return [...groups.values()]
}
