/** How the log stands, in one word for the headline: the gravest of what can be seen. */
import type { LogAlarm, LogState } from './queries'

export type Standing = 'alarm' | 'stuck' | 'alone' | 'waiting' | 'early' | 'good'

/** A pending entry is taken within seconds; after a minute something stands still. */
const STUCK_MS = 60_000

export function standing(state: LogState, alarms: readonly LogAlarm[], nowMs: number): Standing {
  const outside = state.outside
  if (alarms.length > 0 || outside?.witnesses.some((one) => one.alarm)) return 'alarm'
  if (state.pending_since && nowMs - Date.parse(state.pending_since) > STUCK_MS) return 'stuck'
  if (!outside || outside.authorities.length === 0) return 'alone'
  if (outside.authorities.some((one) => one.attempts) || outside.witnesses.some((one) => one.attempts))
    return 'waiting'
  const signed = [
    ...outside.authorities.map((one) => one.gen_time),
    ...outside.witnesses.map((one) => one.signed_at),
  ]
  return signed.every(Boolean) ? 'good' : 'early'
}

/** How one body outside stands. Who never signed anything is not well, however quietly: nobody has asked it yet. */
export type BodyStanding = 'alarm' | 'failed' | 'early' | 'waits' | 'good'

export function bodyStanding(body: {
  at: string | null
  pendingSince: string | null
  attempts: object | null
  alarm: boolean
}): BodyStanding {
  if (body.alarm) return 'alarm'
  if (body.attempts) return 'failed'
  if (!body.at) return 'early'
  return body.pendingSince ? 'waits' : 'good'
}

const HOUR_MS = 3_600_000

/** When a checkpoint is published next, if there is anything new: on the hour, as `publish_checkpoint` does. */
export const nextPublication = (nowMs: number): number => (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS

export const TONES = {
  alarm: 'bad',
  stuck: 'bad',
  alone: 'warn',
  waiting: 'warn',
  early: 'neutral',
  good: 'good',
} as const
