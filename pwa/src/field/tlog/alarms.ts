/** Alarms stay until a person has taken note of them, and are told to the office as soon as it can be reached. */
import { request } from '@shared/kit/api'
import { newId } from '@shared/kit/ids'
import { device } from '../access/session'
import { db, durable } from '../db/db'
import type { AlarmKind, AlarmRow } from '../db/rows'

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

export async function reportAlarms(): Promise<void> {
  const rows = await durable(() => db.alarms.where('reported').equals(0).toArray())
  for (const { id, kind, at, evidence } of rows) {
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
}
