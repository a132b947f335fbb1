/** The minutes of a paper on a desk: how long it still may lie, or how long too long. Computed, to the minute. */
import type { Tone } from '@shared/kit/ui/tones'
import { t } from './words'

const MINUTE = 60_000

/** Minutes as the two largest of days, hours and minutes. */
export function lengthText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days > 0)
    return hours > 0 ? t('length.days_hours', { d: days, h: hours }) : t('length.days', { n: days })
  if (hours > 0)
    return rest > 0 ? t('length.hours_minutes', { h: hours, m: rest }) : t('length.hours', { n: hours })
  return t('length.minutes', { n: minutes })
}

interface Stay {
  delivered_at: string | null
  due_at: string | null
  left_at: string | null
}

export interface Minutes {
  text: string
  tone: Tone
  icon: 'alert' | 'clock' | 'check'
  late: boolean
}

/** Exactly at the limit it is not yet too late; a minute later it is, and says so (R40). */
export function minutesOf(stay: Stay, now: number): Minutes | null {
  if (!stay.delivered_at) return null
  const until = stay.left_at ? Date.parse(stay.left_at) : now
  const lain = Math.max(0, until - Date.parse(stay.delivered_at))
  if (!stay.due_at)
    return { text: t('lain', { length: lengthText(lain) }), tone: 'neutral', icon: 'clock', late: false }
  const due = Date.parse(stay.due_at)
  if (until > due)
    return { text: t('late', { length: lengthText(until - due) }), tone: 'bad', icon: 'alert', late: true }
  if (stay.left_at)
    return { text: t('lain', { length: lengthText(lain) }), tone: 'good', icon: 'check', late: false }
  const allowed = due - Date.parse(stay.delivered_at)
  return {
    text: t('left', { length: lengthText(due - until) }),
    tone: (due - until) * 5 < allowed ? 'warn' : 'neutral',
    icon: 'clock',
    late: false,
  }
}
