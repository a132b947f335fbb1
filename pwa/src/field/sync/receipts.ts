/** A receipt for a digest is the only thing that lets a local original go. */
import type { ReceiptField } from '@shared/api/contract'
import { db, durable } from '../db/db'

export async function applyReceipts(receipts: readonly ReceiptField[]): Promise<void> {
  if (receipts.length === 0) return
  await durable(() =>
    db.transaction('rw', db.receipts, db.captures, db.blobs, db.uploads, async () => {
      for (const receipt of receipts) {
        const key = `${receipt.id}:${receipt.role}`
        await db.receipts.put({ ...receipt, key })
        const waiting = await db.uploads.get(key)
        if (waiting && waiting.sha256 === receipt.media_sha256) await db.uploads.delete(key)
        if (receipt.role !== 'original') continue
        const capture = await db.captures.get(receipt.id)
        // Another digest is somebody else's bytes: ours stay. While copies are pending, the worker still reads it.
        if (capture?.local?.sha256 === receipt.media_sha256 && capture.copies !== 'pending')
          await db.blobs.delete(key)
      }
    }),
  )
}
