/** Alarms stay until a person has taken note of them, and are told to the office as soon as it can be reached. */
import { Refused, request } from '@shared/kit/api'
import { newId } from '@shared/kit/ids'
import { device } from '../access/session'
import { db, durable, getValue, setValue } from '../db/db'
import type { AlarmKind, AlarmRow } from '../db/rows'
import { liesAhead } from '../sync/backoff'

/** One alarm for one fact: what is seen again with every run is not a new one. */
export async function raiseAlarm(kind: AlarmKind, fact: string, evidence: unknown): Promise<void> {
  const row: AlarmRow = {
    id: newId(),
    fact: `${kind}:${fact}`,
    kind,
    at: Date.now(),
    evidence: JSON.stringify(evidence, null, 1),
    acknowledged_at: 0,
    reported: 0,
  }
  await durable(() =>
    db.transaction('rw', db.alarms, async () => {
      if ((await db.alarms.where('fact').equals(row.fact).count()) === 0) await db.alarms.add(row)
    }),
  )
}

export const acknowledge = (id: string): Promise<unknown> =>
  durable(() => db.alarms.update(id, { acknowledged_at: Date.now() }))

/** The server's limit; the whole of it stays on the phone. */
const LONGEST = 4000
const LONGEST_WAIT_S = 3600

/** The same alarm again would be refused again. A session, a load or a fault can be put right. */
const isFinal = ({ status, code }: Refused): boolean =>
  status >= 400 && status < 500 && status !== 401 && status !== 429 && !code.startsWith('csrf')

/** What one alarm meets does not hold up the others, unless nobody is signed in or the server takes no more today. */
export async function reportAlarms(): Promise<void> {
  if (liesAhead((await getValue<number>(WAIT)) ?? 0, Date.now())) return
  const rows = await durable(() => db.alarms.where('reported').equals(0).toArray())
  for (const row of rows) {
    try {
      await report(row)
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error
      if (error.status === 429) {
        const seconds = Math.min(error.retryAfterSeconds ?? LONGEST_WAIT_S, LONGEST_WAIT_S)
        return setValue(WAIT, Date.now() + seconds * 1000)
      }
      if (isFinal(error)) await durable(() => db.alarms.update(row.id, { reported: 2 }))
    }
  }
}

const WAIT = 'alarms_at'

async function report({ id, kind, at, evidence }: AlarmRow): Promise<void> {
  await request('/api/log/alarms', {
    json: {
      id,
      kind,
      text: evidence.slice(0, LONGEST),
      raised_at: new Date(at).toISOString(),
      device_id: device.value?.id ?? null,
    },
  })
  await durable(() => db.alarms.update(id, { reported: 1 }))
}
