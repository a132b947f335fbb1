/** One chain of statements per visit and phone: opened with the first capture, sealed when the team leaves. */
import { base64url } from '@shared/kit/crypto/encoding'
import { newSigningKey, sha256, sign } from '@shared/kit/crypto/keys'
import { newId } from '@shared/kit/ids'
import { db, durable } from '../db/db'
import type { Label, OutboxRow, SessionRow } from '../db/rows'
import { type ClockPair, type Link, sealStatement, sessionStatement } from './statement'

type Bytes = Uint8Array<ArrayBuffer>

const SESSION_HOURS = 24

export interface Author {
  person_id: string
  device_id: string
  app: string
}

/** Someone else extended the chain between reading and writing; the caller takes the new end and signs again. */
export class ChainMoved extends Error {
  override readonly name = 'ChainMoved'
}

/** Statements of one phone are made one after the other, also across tabs. */
export const withChain = <T>(act: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request('zhicha-chain', act) as Promise<T>) : act()

export const outboxRow = (
  operation: OutboxRow['operation'],
  chain: string | null,
  label: Label,
): OutboxRow => ({
  id: operation.id,
  chain,
  operation,
  state: 'waiting',
  tries: 0,
  next_at: 0,
  cause: null,
  label,
})

export const linkAfter = (row: SessionRow): Link => ({
  dev: row.dev,
  session_id: row.id,
  seq: row.seq + 1,
  prev: row.prev,
})

export async function signed(
  key: CryptoKey,
  bytes: Bytes,
): Promise<{ statement: string; signature: string }> {
  return { statement: base64url(bytes), signature: base64url(await sign(key, bytes)) }
}

export async function openSession(
  visitId: string,
  author: Author,
  clock: ClockPair,
  subject: string,
): Promise<SessionRow> {
  const open = await currentSession(visitId)
  if (open && clock.wall_ms < open.until_ms) return open
  if (open) await sealSession(open, clock, subject)

  const key = await newSigningKey()
  const id = newId()
  const until = clock.wall_ms + SESSION_HOURS * 3_600_000
  const previous = await durable(() => db.kv.get('prev_seal'))
  const { bytes, dev } = await sessionStatement({
    id,
    spki: key.spki,
    device_id: author.device_id,
    person_id: author.person_id,
    visit_id: visitId,
    from_ms: clock.wall_ms,
    to_ms: until,
    app: author.app,
    prev_seal: (previous?.v as string | undefined) ?? null,
  })
  const row: SessionRow = {
    id,
    visit_id: visitId,
    private_key: key.privateKey,
    dev,
    seq: 0,
    prev: base64url(await sha256(bytes)),
    opened_ms: clock.wall_ms,
    until_ms: until,
    sealed: 0,
  }
  const operation = { kind: 'session.open' as const, id, ...(await signed(key.privateKey, bytes)) }
  await durable(() =>
    db.transaction('rw', db.sessions, db.outbox, async () => {
      await db.sessions.add(row)
      await db.outbox.add(outboxRow(operation, id, { kind: 'session.open', at: clock.wall_ms, subject }))
    }),
  )
  return row
}

export const currentSession = (visitId: string): Promise<SessionRow | undefined> =>
  durable(() =>
    db.sessions
      .where('visit_id')
      .equals(visitId)
      .filter((row) => row.sealed === 0)
      .last(),
  )

export async function sealSession(row: SessionRow, clock: ClockPair, subject: string): Promise<void> {
  const id = newId()
  const bytes = sealStatement(id, linkAfter(row), row.seq, clock)
  const hash = base64url(await sha256(bytes))
  const operation = { kind: 'session.seal' as const, id, ...(await signed(row.private_key, bytes)) }
  await durable(() =>
    db.transaction('rw', db.sessions, db.outbox, db.kv, async () => {
      const now = await db.sessions.get(row.id)
      if (!now || now.seq !== row.seq || now.sealed) throw new ChainMoved()
      await db.sessions.update(row.id, { seq: row.seq + 1, prev: hash, sealed: 1 })
      await db.kv.put({ k: 'prev_seal', v: hash })
      await db.outbox.add(outboxRow(operation, row.id, { kind: 'session.seal', at: clock.wall_ms, subject }))
    }),
  )
}
