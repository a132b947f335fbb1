/** What the screens show of the log and its alarms. */
import { db } from '../db/db'
import { sharedLive } from '../db/live'
import { type Seen, seenLog } from './seen'

/** Alarms that nobody has taken note of yet; asked for on every screen. */
export const useUnacknowledged = sharedLive(() => db.alarms.where('acknowledged_at').equals(0).count())

export interface LogSummary {
  seen: Seen
  proven: number
  waiting: number
  broken: number
  /** Something was found wrong since the log was last found consistent. */
  failing: boolean
}

export async function logSummary(): Promise<LogSummary> {
  const count = (state: string) => db.statements.where('state').equals(state).count()
  const [seen, alarms, proven, waiting, broken] = await Promise.all([
    seenLog(),
    db.alarms.toArray(),
    count('proven'),
    count('promised'),
    count('broken'),
  ])
  const failing = alarms.some(
    ({ kind, at }) => (kind === 'inconsistent' || kind === 'key_changed') && at > seen.checked_at,
  )
  return { seen, proven, waiting, broken, failing }
}
