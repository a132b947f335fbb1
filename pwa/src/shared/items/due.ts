/**
 * Time left as words and tone: the same words and the same rounding on phone and desk. Computed, never stored.
 *
 * Whole days are days of 24 hours, rounded down; below one day it is whole hours, at least one. What is finished has no
 * time left to speak of; a clock that stands still says so; what the unit has reported is no longer late by its doing.
 */
import type { Tone } from '../kit/ui/tones'
import { domainWords } from '../words'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SOON_DAYS = 3

const SETTLED = new Set([
  'CLOSED',
  'REPORTED_BACK',
  'CANCELLED_FROM_LEDGER',
  'ARCHIVED',
  'NOT_ESTABLISHED',
  'TERMINATED',
  'MERGED',
])
const REPORTED = new Set(['REPORTED', 'UNDER_REVIEW'])

export interface Due {
  text: string
  tone: Tone
}

export function dueWords(dueAt: string | null | undefined, state: string, now: number): Due | null {
  if (!dueAt || SETTLED.has(state)) return null
  if (state === 'SUSPENDED') return { tone: 'neutral', text: domainWords('due.standing') }
  const left = Date.parse(dueAt) - now
  if (left < 0 && REPORTED.has(state)) return null
  const size = Math.abs(left)
  const days = Math.floor(size / DAY)
  const hours = Math.max(1, Math.floor(size / HOUR))
  if (left < 0) {
    const text =
      days > 0 ? domainWords('due.over_days', { n: days }) : domainWords('due.over_hours', { n: hours })
    return { tone: 'bad', text }
  }
  if (days === 0) return { tone: 'warn', text: domainWords('due.hours', { n: hours }) }
  return { tone: days < SOON_DAYS ? 'warn' : 'neutral', text: domainWords('due.days', { n: days }) }
}
