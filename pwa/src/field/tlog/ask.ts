/**
 * After each run: what was promised is asked for, and the log is held to what this phone saw before. A server that
 * cannot answer now is asked again later; one that answers what an honest log cannot say raises an alarm.
 */
import type { LogProofs } from '@shared/api/contract'
import { Refused, request } from '@shared/kit/api'
import type { Anchor } from '../access/session'
import { db, durable, getValue } from '../db/db'
import type { AlarmKind, StatementRow } from '../db/rows'
import { recallLost, recallState } from '../sync/recall'
import { raiseAlarm, reportAlarms } from './alarms'
import { checkAnswer, checkPromise, firstKeys, LogFault, leafToAskFor } from './check'
import { noteSeen, type Seen, seenLog } from './seen'

const MOST_LEAVES = 200
/** With nothing to ask for, the log is still watched: every phone is a monitor. */
const WATCH_MS = 10 * 60_000
const FIRST_MS = 3_000
const LAST_MS = 60_000
const PROMISE_MS = 24 * 3_600_000
/** What is not in the log by then may have been lost, and is sent again. */
const FORGOTTEN_MS = 3_600_000

/** The longest wait that is planned; a time further away was set by a clock that has been put right since. */
const isDue = (seen: Seen, now: number): boolean => seen.ask_at <= now || seen.ask_at > now + LAST_MS

export async function askLog(force: boolean): Promise<void> {
  await reportAlarms().catch(unlessUnreachable)
  const now = Date.now()
  const seen = await seenLog()
  const waiting = await durable(() => db.statements.where('state').equals('promised').count())
  const watched = seen.checked_at > 0 && Math.abs(now - seen.checked_at) < WATCH_MS
  const { pending } = await recallState()
  if (!force && !pending && (waiting > 0 ? !isDue(seen, now) : watched)) return
  try {
    const fault = await faultOf(askAll)
    const forgotten = fault === null && (await alarmOverdue())
    if (fault === 'inconsistent' || pending) await faultOf(() => recallLost(WATCH_MS))
    else if (forgotten) await faultOf(() => recallLost(FORGOTTEN_MS))
  } catch (error) {
    unlessUnreachable(error)
  } finally {
    const left = await durable(() => db.statements.where('state').equals('promised').count())
    const { tries } = await seenLog()
    await noteSeen(
      left > 0
        ? { tries: tries + 1, ask_at: Date.now() + Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(tries, 10)) }
        : { tries: 0, ask_at: 0 },
    )
  }
  await reportAlarms().catch(unlessUnreachable)
}

/** What an honest log never says raises an alarm, and is told. */
async function faultOf(act: () => Promise<void>): Promise<AlarmKind | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (!(error instanceof LogFault)) throw error
    await raiseAlarm(error.kind, error.fact, error.evidence)
    return error.kind
  }
}

/** A server that refuses, for whatever reason, is asked again with the next run; without a network the run is over. */
function unlessUnreachable(error: unknown): void {
  if (!(error instanceof Refused)) throw error
}

/** The newest promises last: a promise that the log does not keep must not hold up the others. */
async function askAll(): Promise<void> {
  const rows = await durable(() => db.statements.where('state').equals('promised').sortBy('at'))
  for (let from = 0; from === 0 || from < rows.length; from += MOST_LEAVES)
    await askFor(rows.slice(from, from + MOST_LEAVES))
}

async function askFor(rows: readonly StatementRow[]): Promise<void> {
  let seen = await seenLog()
  const wanted = new Map<string, StatementRow>()
  for (const row of rows) await unlessBroken(row, async () => void wanted.set(await leafToAskFor(row), row))
  const answer = await request<LogProofs>('/api/log/proofs', {
    json: { leaves: [...wanted.keys()], since: seen.checkpoint?.size ?? null },
  })
  if (answer.checkpoint === '') {
    // Before anything was logged there is nothing to hold the log to; afterwards everything is gone.
    const before = seen.checkpoint
    if (before) throw new LogFault('inconsistent', `${before.cp}:gone`, { seen: before.note, received: '' })
    return
  }
  if (seen.keys.length === 0) {
    const { logs } = await request<{ logs: readonly string[] }>('/api/log/trust')
    const keys = await firstKeys(answer.checkpoint, logs)
    if (keys.length === 0)
      throw new LogFault('proof_wrong', 'first key', { logs, received: answer.checkpoint })
    seen = { ...seen, keys }
  }
  const { keys, checkpoint, proven } = await checkAnswer(answer, seen)
  const at = Date.now()
  for (const [leaf_hash, row] of wanted)
    await unlessBroken(row, async () => {
      if (!row.leaf_hash) await checkPromise(row, keys)
      const index = proven.get(leaf_hash)
      const proof = index === undefined ? {} : { state: 'proven' as const, proof: proofOf(index) }
      if (index !== undefined || !row.leaf_hash)
        await durable(() => db.statements.update(row.id, { leaf_hash, ...proof }))
    })
  await noteSeen({ keys, checkpoint, checked_at: at, ...(proven.size > 0 ? { tries: 0 } : {}) })

  function proofOf(index: number): { index: number; size: number; at: number } {
    return { index, size: checkpoint.size, at }
  }
}

/** A receipt that does not hold is an alarm of its own, and stops nothing else. */
async function unlessBroken(row: StatementRow, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof LogFault)) throw error
    await durable(() => db.statements.update(row.id, { state: 'broken' }))
    await raiseAlarm(error.kind, error.fact, error.evidence)
  }
}

/** By the server's own clock, as it was last seen: this phone's may be wrong. Whether something should be in by now. */
async function alarmOverdue(): Promise<boolean> {
  const time = await getValue<Anchor>('anchor')
  if (!time) return false
  const rows = await durable(() => db.statements.where('state').equals('promised').toArray())
  for (const { id, receipt, leaf_hash } of rows)
    if (receipt?.promise && time.srv_ms - receipt.recv_ms > PROMISE_MS)
      await raiseAlarm('promise_broken', id, { leaf: receipt.leaf, promise: receipt.promise, leaf_hash })
  return rows.some(({ receipt }) => receipt?.promise && time.srv_ms - receipt.recv_ms > FORGOTTEN_MS)
}
