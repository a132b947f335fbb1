/** The one warm worker: records captures in the order they were taken, then makes their copies. */
import { makeCopies, makeMissingCopies } from './copies'
import { type CaptureJob, type Fix, recordCapture, type Saved } from './record'

export type ToWorker =
  | { kind: 'warm' }
  | { kind: 'capture'; job: CaptureJob }
  | { kind: 'fix'; id: string; fix: Fix }
export type FromWorker =
  | { kind: 'safe'; saved: Saved; took_ms: number }
  | { kind: 'failed'; id: string; error: { name: string; message: string } }
  | { kind: 'copied'; id: string }

const fixes = new Map<string, (fix: Fix) => void>()
let queue: Promise<void> = Promise.resolve()
let copying: Promise<void> = Promise.resolve()

const tell = (message: FromWorker) => postMessage(message)

async function capture(job: CaptureJob, fix: Promise<Fix>): Promise<void> {
  const began = performance.now()
  try {
    const saved = await recordCapture(job, fix)
    tell({ kind: 'safe', saved, took_ms: Math.round(performance.now() - began) })
    // Copies must not delay the next photo: they have their own line and wait for the recording line to be empty.
    copying = copying.then(async () => {
      await queue
      await makeCopies(job.id).catch((error) => console.error(error))
      tell({ kind: 'copied', id: job.id })
    })
  } catch (error) {
    const { name, message } = error as Error
    tell({ kind: 'failed', id: job.id, error: { name, message } })
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'warm') {
    copying = copying.then(() => makeMissingCopies().catch((error) => console.error(error)))
  } else if (data.kind === 'fix') {
    fixes.get(data.id)?.(data.fix)
    fixes.delete(data.id)
  } else {
    const fix = new Promise<Fix>((resolve) => fixes.set(data.job.id, resolve))
    queue = queue.then(() => capture(data.job, fix))
  }
})
