/** A write is a local change plus one outbox row in one transaction; the server decides. */
import type { Clauses, Position } from '@shared/api/contract'
import { wallMs } from '@shared/kit/clock'
import { fromBase64url } from '@shared/kit/crypto/encoding'
import { newId } from '@shared/kit/ids'
import { confirmWithPasskey } from '../access/passkeys'
import { db, durable } from '../db/db'
import type { VisitRow } from '../db/rows'
import { clockNow } from '../evidence/acts'
import { currentSession, keepSeal, outboxRow, prepareSeal, whileMoving, withChain } from '../evidence/chain'
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
  // What was added after leaving is sealed with the record; nobody is asked to confirm twice.
  if (act === 'visit.sign') await sealVisit(visit, false)
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

/**
 * The seal states how many there were, so that a missing tail shows. The passkey is asked while nothing is locked: a
 * person takes as long as they take. If the chain grew meanwhile, what was confirmed is no longer true: once more.
 * Returns the id of the seal; `null` when there was nothing to seal.
 */
export const sealVisit = (visit: Pick<VisitRow, 'id' | 'title'>, ask = true): Promise<string | null> =>
  whileMoving(async () => {
    const open = await currentSession(visit.id)
    if (!open) return null
    const prepared = await prepareSeal(open, clockNow())
    const passkey = ask ? await confirmWithPasskey(fromBase64url(prepared.digest)) : null
    await withChain(() => keepSeal(prepared, visit.title, passkey))
    return prepared.operation.id
  })
