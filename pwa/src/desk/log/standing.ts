/** How the log stands, in one word for the headline: the gravest of what can be seen. */
import type { LogAlarm, LogState } from './queries'

export type Standing = 'alarm' | 'stuck' | 'alone' | 'waiting' | 'good'

/** A pending entry is taken within seconds; after a minute something stands still. */
const STUCK_MS = 60_000

export function standing(state: LogState, alarms: readonly LogAlarm[], nowMs: number): Standing {
  const outside = state.outside
  if (alarms.length > 0 || outside?.witnesses.some((one) => one.alarm)) return 'alarm'
  if (state.pending_since && nowMs - Date.parse(state.pending_since) > STUCK_MS) return 'stuck'
  if (!outside || outside.authorities.length === 0) return 'alone'
  if (outside.authorities.some((one) => one.attempts) || outside.witnesses.some((one) => one.attempts))
    return 'waiting'
  return 'good'
}

export const TONES = {
  alarm: 'bad',
  stuck: 'bad',
  alone: 'warn',
  waiting: 'warn',
  good: 'good',
} as const
