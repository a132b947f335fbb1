/** A write is a local change plus one outbox row in one transaction; the server decides. */
import type { Clauses, Position } from '@shared/api/contract'
import { monoMs, wallMs, zoneMinutes } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { db, durable } from '../db/db'
import type { VisitRow } from '../db/rows'
import { currentSession, outboxRow, sealSession, withChain } from '../evidence/chain'
import { watchPosition } from '../evidence/position'
import type { VisitAct } from './lifecycle'

export async function positionNow(): Promise<Position | null> {
  const watch = watchPosition()
  try {
    return (await watch.fix()).position
  } finally {
    watch.stop()
  }
}

export async function actOnVisit(
  visit: VisitRow,
  act: VisitAct,
  clauses: Clauses | null = null,
): Promise<void> {
  const at = wallMs()
  const position = await positionNow()
  if (act === 'visit.leave') await sealVisit(visit)
  const common = { id: newId(), visit_id: visit.id, at: new Date(at).toISOString(), position }
  const operation =
    act === 'visit.sign'
      ? { kind: act, ...common, clauses: clauses ?? missingClauses() }
      : { kind: act, ...common }
  await durable(() =>
    db.transaction('rw', db.outbox, () =>
      // One line per visit: arriving must not overtake departing.
      db.outbox.add(outboxRow(operation, `visit:${visit.id}`, { kind: act, at, subject: visit.title })),
    ),
  )
}

function missingClauses(): never {
  throw new Error('signing a record needs the six clauses')
}

/** Leaving ends the chain: the seal states how many there were, so that a missing tail shows. */
const sealVisit = (visit: VisitRow): Promise<void> =>
  withChain(async () => {
    const open = await currentSession(visit.id)
    if (open)
      await sealSession(open, { wall_ms: wallMs(), mono_ms: monoMs(), tz_min: zoneMinutes() }, visit.title)
  })
