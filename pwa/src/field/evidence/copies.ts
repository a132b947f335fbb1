/** Preview (1600 px, uploaded) and thumbnail (kept here), made in the worker, one at a time, after the capture is safe. */
import { hex } from '@shared/kit/crypto/encoding'
import { sha256 } from '@shared/kit/crypto/keys'
import { db, durable } from '../db/db'
import type { BlobRow, UploadRow } from '../db/rows'
import { blobsRefused, readBlob } from './record'

const PREVIEW_PX = 1600
const THUMB_PX = 320

/** Resizes while decoding: a full-size canvas fails beyond 16.7 megapixels on iOS. */
async function scaled(
  source: Blob,
  longest: number,
  quality: number,
  width: number,
  height: number,
): Promise<Blob> {
  const options: ImageBitmapOptions = { imageOrientation: 'from-image', resizeQuality: 'medium' }
  // Without known dimensions only one side can be given; the browser keeps the ratio.
  if (width >= height && (width > longest || width === 0)) options.resizeWidth = longest
  else if (height > longest) options.resizeHeight = longest
  const bitmap = await createImageBitmap(source, options)
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no 2d context')
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality })
}

async function blobRow(captureId: string, role: 'preview' | 'thumb', blob: Blob): Promise<BlobRow> {
  const refused = await blobsRefused()
  return {
    key: `${captureId}:${role}`,
    capture_id: captureId,
    role,
    type: blob.type,
    blob: refused ? null : blob,
    bytes: refused ? await blob.arrayBuffer() : null,
  }
}

export async function makeCopies(captureId: string): Promise<void> {
  const capture = await durable(() => db.captures.get(captureId))
  const local = capture?.local
  if (!capture || !local || capture.copies !== 'pending') return
  const original = await readBlob(`${captureId}:original`)
  let rows: BlobRow[] = []
  let upload: UploadRow | null = null
  if (original) {
    try {
      const preview = await scaled(original, PREVIEW_PX, 0.8, local.width, local.height)
      const thumb = await scaled(preview, THUMB_PX, 0.72, 0, 0)
      const bytes = await preview.arrayBuffer()
      rows = [await blobRow(captureId, 'preview', preview), await blobRow(captureId, 'thumb', thumb)]
      upload = {
        key: `${captureId}:preview`,
        n: capture.captured_at,
        capture_id: captureId,
        role: 'preview',
        sha256: hex(await sha256(bytes)),
        bytes: bytes.byteLength,
        type: 'image/jpeg',
        url: null,
        offset: 0,
        state: 'waiting',
        tries: 0,
        next_at: 0,
        cause: null,
        label: { kind: 'preview', at: capture.captured_at, subject: '', seq: local.seq },
      }
    } catch {
      // This browser cannot decode the format (HEIC on Android). The original stands; the server makes the copies.
      rows = []
    }
  }
  await durable(() =>
    db.transaction('rw', db.captures, db.blobs, db.uploads, db.receipts, async () => {
      await db.captures.update(captureId, { copies: rows.length > 0 ? 'made' : 'failed' })
      await db.blobs.bulkPut(rows)
      if (upload) await db.uploads.put(upload)
      const received = await db.receipts.get(`${captureId}:original`)
      if (received?.media_sha256 === local.sha256) await db.blobs.delete(`${captureId}:original`)
    }),
  )
}

/** After a crash or a kill: whatever still lacks its copies, oldest first. */
export async function makeMissingCopies(): Promise<void> {
  const ids = await durable(() => db.captures.where('copies').equals('pending').primaryKeys())
  for (const id of ids) await makeCopies(id)
}
