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
}

export async function logSummary(): Promise<LogSummary> {
  const count = (state: string) => db.statements.where('state').equals(state).count()
  const [seen, proven, waiting, broken] = await Promise.all([
    seenLog(),
    count('proven'),
    count('promised'),
    count('broken'),
  ])
  return { seen, proven, waiting, broken }
}
