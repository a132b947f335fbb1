/**
 * A server that was put back to an older backup lacks what it took since. This phone asks which of its statements are in
 * the log that is there now; those that are not go to the outbox again, in the order of their chains. The word that the
 * server gave before stays with the statement: two promises for one statement prove that the log went back.
 */
import type { LogProofs, StatementReceipt } from '@shared/api/contract'
import { request } from '@shared/kit/api'
import { db, durable, getValue, setValue } from '../db/db'
import type { CaptureRow, Label, OutboxRow, StatementRow, UploadRow } from '../db/rows'
import { checkAnswer, LogFault, leafToAskFor } from '../tlog/check'
import { seenLog } from '../tlog/seen'

/** Kept as `recall`. */
export interface Recall {
  /** When the last comparison ended; 0: never. */
  at: number
  /** There is a reason to compare, and it has not been done to its end. */
  pending: boolean
  /** Missing there, and not wholly kept here: an older version of the app kept only the receipt. */
  unsendable: number
}

export const NO_RECALL: Recall = { at: 0, pending: false, unsendable: 0 }
export const recallState = async (): Promise<Recall> => (await getValue<Recall>('recall')) ?? NO_RECALL

const MOST_LEAVES = 200

/** Compares all that was promised, unless that was done so lately; throws `LogFault` when the answer cannot be true. */
export async function recallLost(notWithinMs: number): Promise<void> {
  const before = await recallState()
  if (!before.pending && Math.abs(Date.now() - before.at) < notWithinMs) return
  await setValue('recall', { ...before, pending: true })
  const rows = await durable(() => db.statements.where('state').anyOf('promised', 'proven').toArray())
  // Ids are UUIDv7: sessions in the order in which they were begun.
  rows.sort((a, b) => (a.session_id === b.session_id ? a.seq - b.seq : a.session_id < b.session_id ? -1 : 1))
  const missing: StatementRow[] = []
  for (let from = 0; from < rows.length; from += MOST_LEAVES)
    missing.push(...(await lackingOf(rows.slice(from, from + MOST_LEAVES))))
  const sendable = missing.filter((row) => row.statement !== null && row.signature !== null)
  await toOutbox(sendable)
  await recallFiles()
  const unsendable = missing.length - sendable.length
  await setValue('recall', { at: Date.now(), pending: false, unsendable } satisfies Recall)
}

async function lackingOf(rows: readonly StatementRow[]): Promise<StatementRow[]> {
  const wanted = new Map<string, StatementRow>()
  for (const row of rows) {
    const leaf = row.leaf_hash || (await leafToAskFor(row).catch(unlessFault))
    if (leaf) wanted.set(leaf, row)
  }
  const answer = await request<LogProofs>('/api/log/proofs', {
    json: { leaves: [...wanted.keys()], since: null },
  })
  if (answer.checkpoint === '') return [...wanted.values()]
  const { proven } = await checkAnswer(answer, { keys: (await seenLog()).keys, checkpoint: null })
  return [...wanted].filter(([leaf]) => !proven.has(leaf)).map(([, row]) => row)
}

/** A receipt that does not hold has its own alarm. */
function unlessFault(error: unknown): null {
  if (!(error instanceof LogFault)) throw error
  return null
}

const toOutbox = (rows: readonly StatementRow[]): Promise<void> =>
  durable(() =>
    db.transaction('rw', db.outbox, db.statements, db.captures, db.visits, async () => {
      for (const { id } of rows) {
        // As it is now: it may have been sent meanwhile.
        const row = await db.statements.get(id)
        if (!row?.receipt || (await db.outbox.where('id').equals(id).count()) > 0) continue
        const { receipt, leaf_hash, proof } = row
        const lost = [...(row.lost ?? []), { receipt, leaf_hash, proof }]
        await db.statements.put({ ...row, state: 'made', receipt: null, leaf_hash: '', proof: null, lost })
        await setCaptureReceipt(row, null)
        await db.outbox.add(await outboxRowOf(row))
      }
    }),
  )

async function outboxRowOf(row: StatementRow): Promise<OutboxRow> {
  const { id, kind, statement, signature, beside, session_id, visit_id, at, seq } = row
  const photo = kind === 'capture.record'
  const hasPrivate = photo || kind === 'note.add' || kind === 'session.cosign'
  const subject = (await db.visits.get(visit_id))?.title ?? ''
  return {
    id,
    chain: session_id,
    operation: {
      ...(hasPrivate ? { private: null } : {}),
      ...beside,
      kind,
      id,
      statement,
      signature,
    } as OutboxRow['operation'],
    state: 'waiting',
    tries: 0,
    next_at: 0,
    cause: null,
    label: photo ? { kind: 'capture', at, subject, seq } : { kind, at, subject },
    again: true,
  }
}

async function setCaptureReceipt(
  { id, kind }: StatementRow,
  receipt: StatementReceipt | null,
): Promise<void> {
  const capture = kind === 'capture.record' ? await db.captures.get(id) : undefined
  if (capture?.local) await db.captures.put({ ...capture, local: { ...capture.local, receipt } })
}

/** Inside a transaction: the server has it after all, with more beside it than this phone kept. Its word stands again. */
export async function standAgain(id: string): Promise<void> {
  const row = await db.statements.get(id)
  const before = row?.lost?.at(-1)
  if (!row || !before) return
  const state = before.proof ? 'proven' : 'promised'
  await db.statements.put({ ...row, ...before, state, lost: row.lost?.slice(0, -1) ?? [] })
  await setCaptureReceipt(row, before.receipt)
}

/** Inside a transaction: the server took this capture's statement anew, so what it had of its files counts no more. */
export async function filesAgain(capture: CaptureRow, label: Label): Promise<void> {
  if (!capture.local) return
  await db.captures.put({ ...capture, server: null })
  for (const role of ['original', 'preview'] as const) {
    const key = `${capture.id}:${role}`
    const received = await db.receipts.get(key)
    // A preview that never arrived waits by itself, or is yet to be made; one that is gone is drawn by the server.
    const owed = received && (role === 'original' || (await db.blobs.where('key').equals(key).count()) > 0)
    if (owed && (await db.uploads.where('key').equals(key).count()) === 0)
      await db.uploads.put(uploadAgain(capture, role, received, label))
    await db.receipts.delete(key)
  }
}

function uploadAgain(
  { id, captured_at, local }: CaptureRow,
  role: UploadRow['role'],
  { media_sha256, bytes }: { media_sha256: string; bytes: number },
  label: Label,
): UploadRow {
  return {
    key: `${id}:${role}`,
    n: captured_at,
    capture_id: id,
    role,
    sha256: media_sha256,
    bytes,
    type: role === 'original' && local ? local.type : 'image/jpeg',
    url: null,
    offset: 0,
    state: 'waiting',
    tries: 0,
    next_at: 0,
    cause: null,
    label,
    again: true,
  }
}

/** The statement was in the backup, the original came after it: by what was pulled, the server does not have it. */
const recallFiles = (): Promise<void> =>
  durable(() =>
    db.transaction('rw', [db.captures, db.receipts, db.uploads, db.blobs, db.visits], async () => {
      for (const { id } of await db.receipts.filter((row) => row.role === 'original').toArray()) {
        const capture = await db.captures.get(id)
        const there = capture?.server?.originals
        if (!capture?.local?.receipt || !there || there.received >= there.total) continue
        const subject = (await db.visits.get(capture.visit_id))?.title ?? ''
        await filesAgain(capture, {
          kind: 'capture',
          at: capture.captured_at,
          subject,
          seq: capture.local.seq,
        })
      }
    }),
  )
