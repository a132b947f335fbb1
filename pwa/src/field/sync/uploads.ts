/** Media, one at a time: all previews first, then originals where the network policy lets them. */
import type { UploadReceipt } from '@shared/api/contract'
import { Refused, send, Unreachable } from '@shared/kit/api'
import { detailOf } from '@shared/kit/problems'
import { db, durable } from '../db/db'
import type { Cause, UploadRow } from '../db/rows'
import { readBlob } from '../evidence/record'
import { liesAhead, retryDelay } from './backoff'
import { originalsAllowed } from './policy'
import { applyReceipts } from './receipts'
import { transferring } from './status'
import { claimHeld, upload } from './tus'

/** Refusals that time does not heal: the user has to know. */
const FINAL = new Set([
  'digest_not_in_statement',
  'too_large',
  'media_type_refused',
  'bad_upload_metadata',
  'not_found',
])

/** Nowhere but in a backup: a person has to put it back, and this phone asks from time to time whether it is there. */
const NOT_HELD = 'original_not_held'
const ASK_HELD_MS = 3_600_000
/** As `next_at` of what needs attention and may be tried again by itself: now. 0 would be never. */
export const ANY_TIME = 1

const AT_A_TIME = 10

export interface UploadContext {
  /** Captures whose statement the server does not have yet. */
  unstated: ReadonlySet<string>
  originals: boolean
  now: number
}

/** The files to send now, in their order. Reads rows only, never bytes. */
export function dueUploads(rows: readonly UploadRow[], context: UploadContext): UploadRow[] {
  const due = rows.filter(
    (row) =>
      (row.state === 'waiting' || row.next_at > 0) &&
      !liesAhead(row.next_at, context.now) &&
      !context.unstated.has(row.capture_id) &&
      (row.role === 'preview' || context.originals),
  )
  return due.sort((a, b) => Number(a.role === 'original') - Number(b.role === 'original') || a.n - b.n)
}

/** Sends until nothing is due. A lost network ends the run; a refused file does not hold up the others. */
export async function uploadAll(signal?: AbortSignal): Promise<number> {
  let received = 0
  for (;;) {
    const [rows, ids] = await durable(() =>
      Promise.all([db.uploads.toArray(), db.outbox.orderBy('id').keys()]),
    )
    const unstated = new Set(ids as string[])
    const due = dueUploads(rows, { unstated, originals: await originalsAllowed(), now: Date.now() })
    if (due.length === 0) return received
    // A few at a time: previews made meanwhile go before the originals that are left.
    for (const row of due.slice(0, AT_A_TIME)) received += Number(await attempt(row, signal))
  }
}

/** False when the file was refused or has to wait; throws when the whole run has to stop. */
async function attempt(row: UploadRow, signal?: AbortSignal): Promise<boolean> {
  try {
    await uploadOne(row, signal)
    return true
  } catch (error) {
    await putBack(row, error)
    const whole =
      error instanceof Unreachable ||
      (error instanceof Refused && (error.status === 401 || error.status === 429))
    if (whole) throw error
    return false
  } finally {
    transferring.value = null
  }
}

async function uploadOne(row: UploadRow, signal?: AbortSignal): Promise<void> {
  const blob = await readBlob(row.key)
  const metadata = { capture_id: row.capture_id, role: row.role, sha256: row.sha256, type: row.type }
  const receipt =
    blob?.size === row.bytes
      ? await upload(
          {
            blob,
            endpoint: '/api/uploads',
            metadata,
            url: row.url,
            ...(signal ? { signal } : {}),
            onUrl: async (url) => void (await durable(() => db.uploads.update(row.key, { url, offset: 0 }))),
            onOffset: async (offset) => {
              transferring.value = { key: row.key, offset, bytes: row.bytes }
              await durable(() => db.uploads.update(row.key, { offset }))
            },
          },
          send,
        )
      : await askHeld()
  if (receipt.sha256 !== row.sha256) throw new OtherDigest()
  await applyReceipts([
    {
      id: receipt.capture_id,
      media_sha256: receipt.sha256,
      role: receipt.role,
      bytes: receipt.bytes,
      received_at: receipt.received_at,
    },
  ])

  /** This phone deleted it when it had arrived: the server looks whether its store still has it. */
  function askHeld(): Promise<UploadReceipt> {
    if (!row.again || row.role !== 'original') throw new LocalFileMissing()
    return claimHeld({ endpoint: '/api/uploads', metadata, bytes: row.bytes }, send)
  }
}

class LocalFileMissing extends Error {}
class OtherDigest extends Error {}

export function causeOf(error: unknown, at: number): Cause {
  if (error instanceof Refused) {
    const { code, problem } = error
    return { code, at, ...detailOf(problem) }
  }
  if (error instanceof Unreachable) return { code: error.reason, at }
  if (error instanceof LocalFileMissing) return { code: 'local_file_missing', at }
  if (error instanceof OtherDigest) return { code: 'other_digest_received', at }
  return { code: 'unexpected', at, detail: error instanceof Error ? error.message : String(error) }
}

async function putBack(row: UploadRow, error: unknown): Promise<void> {
  const now = Date.now()
  const cause = causeOf(error, now)
  const final = FINAL.has(cause.code) || error instanceof LocalFileMissing || error instanceof OtherDigest
  const notHeld = cause.code === NOT_HELD
  const tries = row.tries + 1
  // A lost network is the run's matter, not this file's: it keeps its place and goes first next time.
  const networkLost = error instanceof Unreachable
  await durable(() =>
    db.uploads.update(row.key, {
      tries,
      cause,
      state: final || notHeld ? 'attention' : 'waiting',
      next_at: final || networkLost ? 0 : now + (notHeld ? ASK_HELD_MS : retryDelay(tries)),
      ...(cause.code === 'digest_mismatch' ? { url: null, offset: 0 } : {}),
    }),
  )
}
