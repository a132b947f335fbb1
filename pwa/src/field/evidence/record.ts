/**
 * From a file to "safe": hash, sign, store, read back. Runs in the worker. The blob, the statement and the outbox
 * row become durable in one transaction; only after all three were read again and the bytes hashed again is the
 * capture called safe.
 */
import type { Position } from '@shared/api/contract'
import { base64url, hex } from '@shared/kit/crypto/encoding'
import { sha256 } from '@shared/kit/crypto/keys'
import { db, durable } from '../db/db'
import type { BlobRow, CaptureRow, GpsError, MediaSource, SessionRow, UploadRow } from '../db/rows'
import {
  type Author,
  keepStatement,
  linkAfter,
  mustStandAt,
  openSession,
  signed,
  whileMoving,
  withChain,
} from './chain'
import { dimensions, mediaType } from './dimensions'
import { type AnchorFacts, type ClockPair, captureStatement, privatePart } from './statement'

export interface Fix {
  position: Position | null
  error: GpsError | null
}

export interface CaptureJob {
  id: string
  file: Blob
  src: MediaSource
  visit: { id: string; item_id: string; site_id: string | null; title: string }
  author: Author
  clock: ClockPair
  anchor: AnchorFacts | null
  online: boolean
  note: string | null
}

export interface Saved {
  id: string
  seq: number
  sha256: string
  bytes: number
  at: number
}

/** The bytes read back are not the bytes written. */
export class NotVerified extends Error {
  override readonly name = 'NotVerified'
}
export class EmptyFile extends Error {
  override readonly name = 'EmptyFile'
}

const originalKey = (id: string) => `${id}:original`

export async function readBlob(key: string): Promise<Blob | null> {
  const row = await durable(() => db.blobs.get(key))
  if (!row) return null
  return row.blob ?? (row.bytes ? new Blob([row.bytes], { type: row.type }) : null)
}

export async function recordCapture(job: CaptureJob, fix: Promise<Fix>): Promise<Saved> {
  const buffer = await job.file.arrayBuffer()
  if (buffer.byteLength === 0) throw new EmptyFile()
  const head = new Uint8Array(buffer)
  const digest = await sha256(buffer)
  const media = {
    sha256: digest,
    bytes: buffer.byteLength,
    type: mediaType(head, job.file.type),
    ...dimensions(head),
    src: job.src,
  }
  const { position, error } = await fix
  const secret = privatePart({
    salt: crypto.getRandomValues(new Uint8Array(16)),
    person_id: job.author.person_id,
    gps: position,
    gps_error: error,
    note: job.note,
  })
  const facts = {
    id: job.id,
    visit_id: job.visit.id,
    item_id: job.visit.item_id,
    site_id: job.visit.site_id,
    media,
    clock: job.clock,
    anchor: job.anchor,
    private_sha256: await sha256(secret),
    online: job.online,
  }

  const seq = await withChain(() =>
    whileMoving(async () => {
      const session = await openSession(job.visit.id, job.author, job.clock, job.visit.title)
      const link = linkAfter(session)
      const statement = captureStatement(facts, link)
      const statementHash = await sha256(statement)
      const operation = {
        kind: 'capture.record' as const,
        id: job.id,
        ...(await signed(session.private_key, statement)),
        private: base64url(secret),
      }
      const capture: CaptureRow = {
        id: job.id,
        visit_id: job.visit.id,
        item_id: job.visit.item_id,
        captured_at: job.clock.wall_ms,
        copies: 'pending',
        local: {
          session_id: session.id,
          seq: link.seq,
          sha256: hex(digest),
          bytes: media.bytes,
          type: media.type,
          width: media.width,
          height: media.height,
          src: media.src,
          note: job.note,
          position,
          gps_error: error,
          statement_sha256: hex(statementHash),
          receipt: null,
        },
        server: null,
      }
      await store(capture, operation, session, base64url(statementHash), job, buffer)
      return link.seq
    }),
  )
  await verifyStored(job.id, hex(digest))
  return { id: job.id, seq, sha256: hex(digest), bytes: media.bytes, at: job.clock.wall_ms }
}

async function store(
  capture: CaptureRow,
  operation: Parameters<typeof keepStatement>[0],
  session: SessionRow,
  head: string,
  job: CaptureJob,
  buffer: ArrayBuffer,
): Promise<void> {
  const local = capture.local
  if (!local) throw new Error('a capture made here has a local part')
  const label = { kind: 'capture', at: capture.captured_at, subject: job.visit.title, seq: local.seq }
  const upload: UploadRow = {
    key: originalKey(capture.id),
    n: capture.captured_at,
    capture_id: capture.id,
    role: 'original',
    sha256: local.sha256,
    bytes: local.bytes,
    type: local.type,
    url: null,
    offset: 0,
    state: 'waiting',
    tries: 0,
    next_at: 0,
    cause: null,
    label,
  }
  const write = (blob: BlobRow) =>
    durable(() =>
      db.transaction(
        'rw',
        [db.captures, db.blobs, db.outbox, db.uploads, db.sessions, db.statements],
        async () => {
          await mustStandAt(session)
          await db.blobs.add(blob)
          await db.captures.add(capture)
          await keepStatement(operation, session, label)
          await db.uploads.add(upload)
          await db.sessions.update(session.id, { seq: local.seq, prev: head })
        },
      ),
    )
  const row = {
    key: originalKey(capture.id),
    capture_id: capture.id,
    role: 'original' as const,
    type: local.type,
  }
  const asBytes = () => write({ ...row, blob: null, bytes: buffer })
  if (await blobsRefused()) return asBytes()
  try {
    await write({ ...row, blob: new Blob([buffer], { type: local.type }), bytes: null })
  } catch (error) {
    const name = (error as { name?: string }).name
    if (name !== 'DataCloneError' && name !== 'DataError' && name !== 'UnknownError') throw error
    // This browser does not keep Blobs in IndexedDB: one ArrayBuffer row per blob from now on.
    await durable(() => db.kv.put({ k: 'blobs_refused', v: true }))
    await asBytes()
  }
}

export const blobsRefused = async (): Promise<boolean> =>
  (await durable(() => db.kv.get('blobs_refused')))?.v === true

async function verifyStored(id: string, digest: string): Promise<void> {
  const [capture, operation, upload, received] = await durable(() =>
    db.transaction('r', [db.captures, db.outbox, db.uploads, db.receipts], () =>
      Promise.all([
        db.captures.get(id),
        db.outbox.where('id').equals(id).first(),
        db.uploads.get(originalKey(id)),
        db.receipts.get(originalKey(id)),
      ]),
    ),
  )
  const blob = await readBlob(originalKey(id))
  // A fast sync may already have delivered them; then a receipt stands in for the waiting row.
  const queued = operation !== undefined || capture?.local?.receipt != null
  if (!capture || !queued || !(upload || received) || !blob)
    throw new NotVerified('rows missing after commit')
  if (hex(await sha256(await blob.arrayBuffer())) !== digest)
    throw new NotVerified('bytes differ after commit')
}
