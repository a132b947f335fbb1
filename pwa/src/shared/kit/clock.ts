/**
 * Time. `wallMs` is what the device believes; `monoMs` does not jump when somebody sets the clock. The monotonic
 * line is `timeOrigin + now()`, so that values from a page and from its worker can be compared.
 */
import { locale } from './i18n'

export const wallMs = (): number => Date.now()
export const monoMs = (): number => Math.round(performance.timeOrigin + performance.now())
/** Minutes east of UTC, as the statement wants them (480 for China). */
export const zoneMinutes = (): number => -new Date().getTimezoneOffset()

const ZONE = 'Asia/Shanghai'
const WEEKDAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']

const partsFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  weekday: 'short',
  hourCycle: 'h23',
})

interface DateParts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  weekday: string
}

type Instant = string | number | Date

function parts(at: Instant): DateParts {
  const found: Record<string, string> = {}
  for (const part of partsFormat.formatToParts(new Date(at))) found[part.type] = part.value
  return found as unknown as DateParts
}

const WEEKDAY_INDEX: Record<string, number> = { Sun: 0, Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6 }
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function formatTime(at: Instant): string {
  const p = parts(at)
  return `${p.hour}:${p.minute}`
}

/** 2026年5月25日(周一) / Mon 25 May 2026 */
export function formatDate(at: Instant): string {
  const p = parts(at)
  if (locale.value === 'en')
    return `${p.weekday} ${Number(p.day)} ${MONTHS_EN[Number(p.month) - 1]} ${p.year}`
  return `${p.year}年${Number(p.month)}月${Number(p.day)}日(周${WEEKDAYS_ZH[WEEKDAY_INDEX[p.weekday] ?? 0]})`
}

/** 2026年5月25日(周一)17:30 / Mon 25 May 2026, 17:30 */
export function formatDateTime(at: Instant): string {
  return locale.value === 'en' ? `${formatDate(at)}, ${formatTime(at)}` : `${formatDate(at)}${formatTime(at)}`
}

/** The last day of a limit: its end at 24:00 is kept as the instant at which the next day begins. */
export const formatLastDay = (at: Instant): string => formatDate(new Date(at).getTime() - 1)

/** The calendar day in Shanghai, for grouping: 2026-05-25. */
export function dayKey(at: Instant): string {
  const p = parts(at)
  return `${p.year}-${p.month.padStart(2, '0')}-${p.day.padStart(2, '0')}`
}

/** 3 分钟前 / 3 min. ago; beside the full date, never instead of it. */
export function formatRelative(at: Instant, now: number = wallMs()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000)
  const format = new Intl.RelativeTimeFormat(locale.value === 'en' ? 'en' : 'zh-CN', { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < 60) return format.format(seconds, 'second')
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour')
  return format.format(Math.round(seconds / 86_400), 'day')
}

/** 4.8 MB; the unit is international, so there is no translation. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['KB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
