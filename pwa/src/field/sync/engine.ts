/**
 * One run: enrol if needed → statements and commands → what changed → previews → originals → what changed → proofs.
 * Web Locks let one tab (or the service worker) run at a time. The time of the next try is kept in the database.
 */
import { Refused, request, Unreachable } from '@shared/kit/api'
import {
  confirmSession,
  device,
  enrolAgain,
  enrolDevice,
  markExpired,
  refreshSession,
  session,
} from '../access/session'
import { db, durable } from '../db/db'
import { askLog } from '../tlog/ask'
import { liesAhead, retryDelay } from './backoff'
import { pullAll } from './pull'
import { pushAll } from './push'
import { phase, readStatus, updateStatus } from './status'
import { ANY_TIME, causeOf, uploadAll } from './uploads'

export type Outcome = 'done' | 'busy' | 'later' | 'signed_out'

/** `force`: the user asked, or the network came back; the planned waiting time is ignored. */
export async function drain(options: { force?: boolean; signal?: AbortSignal } = {}): Promise<Outcome> {
  if (!session.value) return 'signed_out'
  if (!navigator.locks) return run(options)
  return navigator.locks.request('zhicha-sync', { ifAvailable: true }, (lock) =>
    lock ? run(options) : 'busy',
  )
}

async function run({ force = false, signal }: { force?: boolean; signal?: AbortSignal }): Promise<Outcome> {
  const status = await readStatus()
  if (!force && liesAhead(status.next_at, Date.now())) return 'later'
  if (force) await clearWaits()
  try {
    await confirmSession()
    await enrolDevice()
    await exchange(signal)
    await askLog(force)
    await updateStatus({ tries: 0, next_at: 0, cause: null, last_ok_at: Date.now() })
    return 'done'
  } catch (error) {
    if (error instanceof Refused && error.status === 401) await markExpired()
    const now = Date.now()
    const tries = status.tries + 1
    const asked = error instanceof Refused ? error.retryAfterSeconds : null
    await updateStatus({
      tries,
      cause: causeOf(error, now),
      next_at: now + (asked ? asked * 1000 : retryDelay(tries)),
    })
    if (!(error instanceof Refused || error instanceof Unreachable)) console.error(error)
    return 'later'
  } finally {
    phase.value = 'idle'
  }
}

async function exchange(signal?: AbortSignal): Promise<void> {
  const id = device.value?.id
  if (!id) throw new Error('a signed-in phone has a device id')
  phase.value = 'pushing'
  await withFreshToken(() => whenEnrolled(() => pushAll(id)))
  phase.value = 'pulling'
  await pullAll()
  await updateStatus({ last_pull_at: Date.now() })
  phase.value = 'uploading'
  // Statements may have been added while files were under way; their files wait for them, so push first again.
  let received = await uploadAll(signal)
  while ((await pushAll(id)) > 0) received += await uploadAll(signal)
  await sendReadNotices()
  if (received > 0) {
    phase.value = 'pulling'
    await pullAll()
  }
}

/** Another tab or a new sign-in may have renewed the CSRF token. */
async function withFreshToken<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refused && error.status === 403 && error.code.startsWith('csrf'))) throw error
    if ((await refreshSession()) !== 'ok') throw error
    return act()
  }
}

async function whenEnrolled<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'device_unknown')) throw error
    await enrolAgain()
    return act()
  }
}

async function clearWaits(): Promise<void> {
  await durable(() =>
    db.transaction('rw', db.outbox, db.uploads, async () => {
      await db.outbox.filter((row) => row.state === 'waiting' && row.next_at > 0).modify({ next_at: 0 })
      await db.uploads
        .filter((row) => row.next_at > 0)
        .modify((row) => {
          row.next_at = row.state === 'attention' ? ANY_TIME : 0
        })
    }),
  )
}

async function sendReadNotices(): Promise<void> {
  const rows = await durable(() => db.notices.where('read_waiting').equals(1).toArray())
  for (const row of rows) {
    await request(`/api/inbox/${row.id}/read`, { method: 'POST' })
    await durable(() =>
      db.notices
        .where('id')
        .equals(row.id)
        .modify((kept) => {
          delete kept.read_waiting
        }),
    )
  }
}
