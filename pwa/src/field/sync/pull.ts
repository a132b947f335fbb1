/** What changed in this person's scope. A rebase replaces what was pulled, never what is still unsent. */
import type { Change, PullAnswer, ReceiptField } from '@shared/api/contract'
import { request } from '@shared/kit/api'
import { db, durable } from '../db/db'
import { NO_RECALL, type Recall } from './recall'
import { applyReceipts } from './receipts'

export async function pullAll(): Promise<void> {
  for (;;) {
    const cursor = (await durable(() => db.kv.get('cursor')))?.v as string | undefined
    const query = new URLSearchParams({ limit: '500', ...(cursor ? { cursor } : {}) })
    const answer = await request<PullAnswer>(`/api/sync/pull?${query}`, { timeoutMs: 30_000 })
    await applyAnswer(answer)
    if (!answer.more) return
  }
}

export async function applyAnswer(answer: PullAnswer): Promise<void> {
  const receipts: ReceiptField[] = []
  await durable(() =>
    db.transaction(
      'rw',
      [
        db.visits,
        db.items,
        db.sites,
        db.captures,
        db.findings,
        db.queries,
        db.notices,
        db.outbox,
        db.blobs,
        db.kv,
      ],
      async () => {
        receipts.length = 0
        if (answer.rebase) {
          await clearPulled()
          // Among the reasons for it is an older backup that was put back: the log has to be asked at once.
          const recall = (await db.kv.get('recall'))?.v as Recall | undefined
          await db.kv.put({ k: 'recall', v: { ...(recall ?? NO_RECALL), pending: true } })
        }
        for (const change of answer.changes) await apply(change, receipts)
        await db.kv.put({ k: 'cursor', v: answer.cursor })
      },
    ),
  )
  await applyReceipts(receipts)
}

async function clearPulled(): Promise<void> {
  await Promise.all([db.visits.clear(), db.items.clear(), db.sites.clear(), db.queries.clear()])
  await db.notices.filter((row) => row.read_waiting === undefined).delete()
  await db.findings.filter((row) => !row.waiting).delete()
  await db.captures.filter((row) => row.local === null).delete()
}

async function apply(change: Change, receipts: ReceiptField[]): Promise<void> {
  switch (change.kind) {
    case 'visit':
      return void (await (change.op === 'put' ? db.visits.put(change.data) : db.visits.delete(change.id)))
    case 'item':
      return void (await (change.op === 'put' ? db.items.put(change.data) : db.items.delete(change.id)))
    case 'site':
      return void (await (change.op === 'put' ? db.sites.put(change.data) : db.sites.delete(change.id)))
    case 'query':
      return void (await (change.op === 'put' ? db.queries.put(change.data) : db.queries.delete(change.id)))
    case 'notice': {
      if (change.op === 'gone') return void (await db.notices.delete(change.id))
      const known = await db.notices.get(change.id)
      const waiting = known?.read_waiting && !change.data.read_at
      return void (await db.notices.put({
        ...change.data,
        ...(waiting ? { read_waiting: 1 as const, read_at: known.read_at } : {}),
      }))
    }
    case 'finding': {
      const known = await db.findings.get(change.id)
      if (change.op === 'put') await db.findings.put({ ...change.data, waiting: known?.waiting ?? false })
      else if (!known?.waiting) await db.findings.delete(change.id)
      return
    }
    case 'capture':
      return applyCapture(change)
    case 'receipt':
      if (change.op === 'put') receipts.push(change.data)
      return
    default:
      // A kind this build does not know yet: a newer server. Skipping is safe, the next build re-bases.
      return
  }
}

async function applyCapture(change: Extract<Change, { kind: 'capture' }>): Promise<void> {
  const known = await db.captures.get(change.id)
  if (change.op === 'gone') {
    // What this phone recorded stays until its own receipt; server state alone deletes nothing.
    if (known && !known.local) await db.captures.delete(change.id)
    return
  }
  await db.captures.put({
    id: change.id,
    visit_id: change.data.visit_id,
    item_id: change.data.item_id,
    captured_at: known?.captured_at ?? Date.parse(change.data.captured_at),
    copies: known?.copies ?? 'none',
    local: known?.local ?? null,
    server: change.data,
  })
}
