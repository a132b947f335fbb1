/** When to run: on opening, when the network or the page comes back, after each local change, and at the planned time. */
import { liveQuery } from 'dexie'
import { refreshSession, session } from '../access/session'
import { db, durable, getValue } from '../db/db'
import { seenLog } from '../tlog/seen'
import { liesAhead } from './backoff'
import { drain } from './engine'
import { readStatus, type SyncStatus } from './status'

export const SYNC_TAG = 'zhicha-sync'
const POLL_MS = 60_000

let timer: ReturnType<typeof setTimeout> | undefined
let again = false
let running = false

export async function syncNow(force = false): Promise<void> {
  if (running) {
    again = true
    return
  }
  running = true
  try {
    do {
      again = false
      const outcome = await drain({ force })
      if (outcome === 'later' || outcome === 'busy') break
    } while (again)
  } finally {
    running = false
    await plan()
  }
}

async function plan(): Promise<void> {
  clearTimeout(timer)
  if (!session.value) return
  const now = Date.now()
  const [status, seen] = await Promise.all([readStatus(), seenLog()])
  const [operation, upload] = await durable(() =>
    Promise.all([
      db.outbox.where('next_at').above(now).first(),
      db.uploads.where('next_at').above(now).first(),
    ]),
  )
  const waits = [status.next_at, operation?.next_at ?? 0, upload?.next_at ?? 0, seen.ask_at].filter(
    (at) => at > now,
  )
  const next = Math.min(now + POLL_MS, ...waits)
  timer = setTimeout(() => void syncNow(), Math.max(500, next - now))
}

interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> }
}

/** Chromium only; everywhere else the other triggers carry. */
async function registerBackgroundSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as SyncRegistration | undefined
  await registration?.sync?.register(SYNC_TAG).catch(() => {})
}

export function startSync(): void {
  const wake = () => void syncNow()
  const wakeNow = () => void syncNow(true)
  addEventListener('online', wakeNow)
  addEventListener('pageshow', wake)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake()
    else void registerBackgroundSync()
  })
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data?.type === 'SYNC') wakeNow()
  })
  // A new row, from this tab or from the worker, starts a run; what merely changed does not.
  let known = 0
  liveQuery(() => Promise.all([db.outbox.count(), db.uploads.count()])).subscribe(([operations, uploads]) => {
    const count = operations + uploads
    if (count > known) void whenDue().then(registerBackgroundSync)
    known = count
  })
  if (session.value) void refreshSession()
  wake()
}

/** A change made while a failed run waits does not hammer the server: it goes with the planned run. */
async function whenDue(): Promise<void> {
  const status = await getValue<SyncStatus>('sync')
  if (!status || !liesAhead(status.next_at, Date.now())) await syncNow()
}
