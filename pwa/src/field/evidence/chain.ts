/** One chain of statements per visit and phone: opened with the first act, sealed when the team leaves. */
import { base64url } from '@shared/kit/crypto/encoding'
import { newSigningKey, sha256, sign } from '@shared/kit/crypto/keys'
import { newId } from '@shared/kit/ids'
import { db, durable } from '../db/db'
import type { Label, OutboxRow, Said, SessionRow } from '../db/rows'
import { statementRow } from '../db/upgrade'
import { type ClockPair, type Link, type PasskeyProof, sealStatement, sessionStatement } from './statement'

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

/** Again from the new end, when another tab was quicker. */
export async function whileMoving<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (failure) {
      if (!(failure instanceof ChainMoved) || attempt === 3) throw failure
    }
  }
}

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

/** Inside a transaction: the statement goes to the outbox, and stays with what it said after it has been sent. */
export async function keepStatement(
  operation: OutboxRow['operation'],
  session: Pick<SessionRow, 'id' | 'visit_id'>,
  label: Label,
  said: Said = {},
): Promise<void> {
  const row = statementRow(operation, label.at, () => session.visit_id)
  await db.outbox.add(outboxRow(operation, session.id, label))
  if (row) await db.statements.add({ ...row, said: { ...row.said, ...said } })
}

/** Inside a transaction: refuses when the chain's end is no longer the one that was signed after. */
export async function mustStandAt(session: SessionRow): Promise<void> {
  const now = await db.sessions.get(session.id)
  if (!now || now.seq !== session.seq || now.sealed !== session.sealed) throw new ChainMoved()
}

/** A session that is signed but not yet kept: it counts for nothing until `keepSession`. */
export interface Prepared {
  row: SessionRow
  /** The seal that it names as the one before it. */
  after: string | null
  operation: OutboxRow['operation'] & { kind: 'session.open' }
}

const lastSeal = async (): Promise<string | null> =>
  ((await durable(() => db.kv.get('prev_seal')))?.v as string | undefined) ?? null

export async function prepareSession(visitId: string, author: Author, clock: ClockPair): Promise<Prepared> {
  const key = await newSigningKey()
  const id = newId()
  const until = clock.wall_ms + SESSION_HOURS * 3_600_000
  const after = await lastSeal()
  const { bytes, dev } = await sessionStatement({
    id,
    spki: key.spki,
    device_id: author.device_id,
    person_id: author.person_id,
    visit_id: visitId,
    from_ms: clock.wall_ms,
    to_ms: until,
    app: author.app,
    prev_seal: after,
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
  return { row, after, operation: { kind: 'session.open', id, ...(await signed(key.privateKey, bytes)) } }
}

export async function keepSession(
  { row, after, operation }: Prepared,
  subject: string,
  passkey: PasskeyProof | null,
): Promise<void> {
  const label = { kind: 'session.open', at: row.opened_ms, subject }
  const confirmed = passkey ? { ...operation, passkey } : operation
  await durable(() =>
    db.transaction('rw', db.sessions, db.outbox, db.statements, db.kv, async () => {
      if ((await lastSeal()) !== after) throw new ChainMoved()
      await db.sessions.add(row)
      await keepStatement(confirmed, row, label, { passkey: passkey !== null })
    }),
  )
}

export async function openSession(
  visitId: string,
  author: Author,
  clock: ClockPair,
  subject: string,
): Promise<SessionRow> {
  const open = await currentSession(visitId)
  if (open && clock.wall_ms < open.until_ms) return open
  if (open) await keepSeal(await prepareSeal(open, clock), subject, null)
  const prepared = await prepareSession(visitId, author, clock)
  await keepSession(prepared, subject, null)
  return prepared.row
}

export const currentSession = (visitId: string): Promise<SessionRow | undefined> =>
  durable(() =>
    db.sessions
      .where('visit_id')
      .equals(visitId)
      .filter((row) => row.sealed === 0)
      .last(),
  )

/** A seal that is signed but not yet kept. */
export interface PreparedSeal {
  session: SessionRow
  operation: OutboxRow['operation'] & { kind: 'session.seal' }
  /** base64url SHA-256 of the statement: what the slip shows and the next session names. */
  digest: string
  at: number
}

export async function prepareSeal(session: SessionRow, clock: ClockPair): Promise<PreparedSeal> {
  const id = newId()
  const bytes = sealStatement(id, linkAfter(session), session.seq, clock)
  return {
    session,
    operation: { kind: 'session.seal', id, ...(await signed(session.private_key, bytes)) },
    digest: base64url(await sha256(bytes)),
    at: clock.wall_ms,
  }
}

export async function keepSeal(
  { session, operation, digest, at }: PreparedSeal,
  subject: string,
  passkey: PasskeyProof | null,
): Promise<void> {
  const confirmed = passkey ? { ...operation, passkey } : operation
  await durable(() =>
    db.transaction('rw', db.sessions, db.outbox, db.statements, db.kv, async () => {
      await mustStandAt(session)
      const said = { ...(await contents(session)), passkey: passkey !== null, digest }
      await db.sessions.update(session.id, { seq: session.seq + 1, prev: digest, sealed: 1 })
      await db.kv.put({ k: 'prev_seal', v: digest })
      await keepStatement(confirmed, session, { kind: 'session.seal', at, subject }, said)
    }),
  )
}

/** What lies in a chain, counted. */
export async function contents(
  session: SessionRow,
): Promise<Required<Pick<Said, 'count' | 'captures' | 'voided' | 'notes' | 'first_ms' | 'last_ms'>>> {
  const rows = await db.statements.where('session_id').equals(session.id).toArray()
  const captures = rows.filter((row) => row.kind === 'capture.record')
  const times = captures.map((row) => row.at)
  const own = new Set(captures.map((row) => row.id))
  const voided = rows.filter((row) => row.kind === 'capture.discard' && own.has(row.about))
  return {
    count: session.seq,
    captures: captures.length,
    voided: new Set(voided.map((row) => row.about)).size,
    notes: rows.filter((row) => row.kind === 'note.add').length,
    first_ms: times.length > 0 ? Math.min(...times) : null,
    last_ms: times.length > 0 ? Math.max(...times) : null,
  }
}
