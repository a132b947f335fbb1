/** A calendar day without a time («2026-05-25»), written out like every other date. */
import { dayKey, formatDate, formatDateTime, formatLastDay, formatTime } from '@shared/kit/clock'
import { locale } from '@shared/kit/i18n'

export const dayText = (day: string): string => formatDate(`${day}T12:00:00+08:00`)

/** The last day of a limit: its end at 24:00 is written as the instant at which the next day begins. */
export const lastDay = (instant: string): string => dayKey(Date.parse(instant) - 1)

/**
 * A limit as people must read it: 2026年11月24日(周二)24时前 / by the end of Tue 24 Nov 2026. A limit of days names its
 * last day, never 00:00 of the day after; one to the minute names the minute.
 */
export function limitText(at: string): string {
  const time = formatTime(at)
  const english = locale.value === 'en'
  if (time !== '00:00') return english ? `by ${time} on ${formatDate(at)}` : `${formatDateTime(at)}前`
  return english ? `by the end of ${formatLastDay(at)}` : `${formatLastDay(at)}24时前`
}

const SHORT = {
  zh: new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' }),
}
/** 11月21日 / 21 Nov: where there is room for no more; the full date stands elsewhere. */
export const shortDay = (at: string): string => SHORT[locale.value].format(Date.parse(at))
