/**
 * From the app that kept statements only while they waited: what waits is copied, what was delivered leaves its receipt.
 * Nothing is moved or deleted, so that an interrupted update loses nothing.
 */
import { fromBase64url } from '@shared/kit/crypto/encoding'
import type { Transaction } from 'dexie'
import type { Beside, CaptureRow, OutboxRow, StatementRow } from './rows'

interface Spoken {
  ses?: string
  seq?: number
  visit?: string
  capture?: string
  about?: string | null
  reason?: string
}

export async function statementsFromBefore(tx: Transaction): Promise<void> {
  const [outbox, captures] = await Promise.all([
    tx.table<OutboxRow>('outbox').orderBy('n').toArray(),
    tx.table<CaptureRow>('captures').toArray(),
  ])
  const visits = new Map(
    (await tx.table<{ id: string; visit_id: string }>('sessions').toArray()).map((row) => [
      row.id,
      row.visit_id,
    ]),
  )
  const rows = new Map<string, StatementRow>()
  for (const { id, local, visit_id, captured_at } of captures)
    if (local)
      rows.set(id, {
        ...EMPTY,
        id,
        kind: 'capture.record',
        session_id: local.session_id,
        visit_id,
        seq: local.seq,
        at: captured_at,
        state: local.receipt ? 'received' : 'made',
        receipt: local.receipt,
      })
  for (const { operation, label } of outbox) {
    const known = rows.get(operation.id)
    const waiting = statementRow(operation, label.at, (session) => visits.get(session) ?? '')
    if (waiting) rows.set(operation.id, { ...waiting, said: known?.said ?? waiting.said })
  }
  await tx.table<StatementRow>('statements').bulkPut([...rows.values()])
}

const EMPTY = {
  statement: null,
  signature: null,
  about: '',
  said: {},
  state: 'made',
  receipt: null,
  leaf_hash: '',
  proof: null,
} as const satisfies Partial<StatementRow>

/** The row of an operation that carries a statement; null for the others. */
export function statementRow(
  operation: OutboxRow['operation'],
  at: number,
  visitOf: (session: string) => string,
): StatementRow | null {
  if (!('statement' in operation)) return null
  const { kind, id, statement, signature } = operation
  const spoken = JSON.parse(new TextDecoder().decode(fromBase64url(statement))) as Spoken
  const session = spoken.ses ?? id
  return {
    ...EMPTY,
    id,
    kind,
    session_id: session,
    visit_id: spoken.visit ?? visitOf(session),
    seq: spoken.seq ?? 0,
    at,
    statement,
    signature,
    about: spoken.capture ?? spoken.about ?? '',
    said: spoken.reason === undefined ? {} : { reason: spoken.reason },
    beside: besideOf(operation),
  }
}

/** Without it a statement cannot be sent a second time as it was sent first. */
export const besideOf = (operation: OutboxRow['operation']): Beside => ({
  ...('private' in operation ? { private: operation.private } : {}),
  ...('passkey' in operation ? { passkey: operation.passkey } : {}),
})
