/** Statements and commands, in the order they were made. */
import type { Problem, PushAnswer, PushResult, StatementReceipt } from '@shared/api/contract'
import { Refused, request } from '@shared/kit/api'
import { detailOf } from '@shared/kit/problems'
import { db, durable } from '../db/db'
import type { OutboxRow } from '../db/rows'
import { besideOf, statementRow } from '../db/upgrade'
import { stateAfter } from '../visits/lifecycle'
import { liesAhead, retryDelay } from './backoff'
import { filesAgain, standAgain } from './recall'

const MAX_OPERATIONS = 200
/** The server's limit is 1 MiB; headers and the envelope need a little. */
const MAX_BYTES = 950_000

/**
 * The next batch: everything due, in order. When a row of a chain is not due (or needs attention), the rows behind
 * it in the same chain stay behind it, because the server would have to refuse them.
 */
export function nextBatch(rows: readonly OutboxRow[], now: number): OutboxRow[] {
  const heldChains = new Set<string>()
  const batch: OutboxRow[] = []
  let bytes = 0
  for (const row of rows) {
    if (row.chain !== null && heldChains.has(row.chain)) continue
    if (row.state === 'attention' || liesAhead(row.next_at, now)) {
      if (row.chain !== null) heldChains.add(row.chain)
      continue
    }
    const size = JSON.stringify(row.operation).length
    if (batch.length === MAX_OPERATIONS || (batch.length > 0 && bytes + size > MAX_BYTES)) break
    batch.push(row)
    bytes += size
  }
  return batch
}

/** Sends until nothing is due. Returns how many operations the server accepted. */
export async function pushAll(deviceId: string): Promise<number> {
  let accepted = 0
  for (;;) {
    const rows = await durable(() => db.outbox.orderBy('n').toArray())
    const batch = nextBatch(rows, Date.now())
    if (batch.length === 0) return accepted
    accepted += await pushBatch(deviceId, batch)
  }
}

async function pushBatch(deviceId: string, batch: OutboxRow[]): Promise<number> {
  let answer: PushAnswer
  try {
    answer = await request<PushAnswer>('/api/sync/push', {
      json: { device_id: deviceId, operations: batch.map((row) => row.operation) },
      timeoutMs: 60_000,
    })
  } catch (error) {
    if (!(error instanceof Refused) || !blamesBatch(error)) throw error
    if (batch.length > 1) {
      // One bad operation must not hold up the others: halve until it stands alone.
      const half = Math.ceil(batch.length / 2)
      return (
        (await pushBatch(deviceId, batch.slice(0, half))) + (await pushBatch(deviceId, batch.slice(half)))
      )
    }
    answer = {
      results: batch.map((row) => ({ id: row.id, status: 'refused', problem: alone(error), receipt: null })),
      server_time: '',
    }
  }
  const results = new Map(answer.results.map((result) => [result.id, result]))
  let accepted = 0
  await durable(() =>
    db.transaction(
      'rw',
      [
        db.outbox,
        db.captures,
        db.visits,
        db.findings,
        db.queries,
        db.statements,
        db.uploads,
        db.receipts,
        db.blobs,
      ],
      async () => {
        accepted = 0
        for (const row of batch) {
          const result = results.get(row.id)
          if (row.again && result?.problem?.code === 'id_reused') {
            await standAgain(row.id)
            await db.outbox.delete(row.n ?? -1)
          } else if (!result || result.status === 'refused') await putBack(row, result)
          else {
            accepted += 1
            await settle(row, result)
            await keepReceipt(row, result.receipt)
            await db.outbox.delete(row.n ?? -1)
          }
        }
      },
    ),
  )
  return accepted
}

/** Something in the batch is the cause, not the session, the network or the server's load. */
const blamesBatch = ({ status, code }: Refused): boolean =>
  status === 400 || status === 413 || status === 422 || code === 'server_fault'

/** A fault of the server may be healed by its next release: keep trying, visibly. The rest needs a person. */
const alone = ({ code, problem }: Refused): Problem =>
  code === 'server_fault' ? { ...problem, params: { ...problem.params, retry: true } } : problem

async function settle({ operation, again, label }: OutboxRow, result: PushResult): Promise<void> {
  switch (operation.kind) {
    case 'capture.record': {
      const capture = await db.captures.get(operation.id)
      if (!capture?.local) return
      const settled = { ...capture, local: { ...capture.local, receipt: result.receipt } }
      await db.captures.put(settled)
      if (again && result.status === 'applied') await filesAgain(settled, label)
      return
    }
    case 'finding.record':
      await db.findings.update(operation.id, { waiting: false })
      return
    case 'visit.depart':
    case 'visit.arrive':
    case 'visit.leave':
    case 'visit.sign': {
      const visit = await db.visits.get(operation.visit_id)
      if (visit) await db.visits.put({ ...visit, state: stateAfter(visit.state, operation.kind) })
      return
    }
    case 'query.answer':
      await db.queries.update(operation.query_id, {
        answer: operation.text,
        answered_at: result.receipt?.received_at ?? null,
      })
      return
    default:
      // The other signed acts: what counts is their receipt.
      return
  }
}

/** The statement stays when it has been sent, with the server's word for it. */
async function keepReceipt({ operation, label }: OutboxRow, receipt: StatementReceipt | null): Promise<void> {
  const known = await db.statements.get(operation.id)
  // A tab of an older version wrote no row of its own.
  const row = known ?? statementRow(operation, label.at, () => '')
  if (!row || !receipt) return
  // What was put back to the outbox and had not been lost keeps no trace of it.
  const lost = row.lost?.filter((before) => before.receipt?.leaf !== receipt.leaf)
  await db.statements.put({
    ...row,
    state: receipt.promise ? 'promised' : 'received',
    receipt,
    beside: row.beside ?? besideOf(operation),
    ...(lost ? { lost } : {}),
  })
}

async function putBack(row: OutboxRow, result: PushResult | undefined): Promise<void> {
  const problem = result?.problem
  const retry = problem?.params?.retry === true || !result
  const tries = row.tries + 1
  await db.outbox.update(row.n ?? -1, {
    tries,
    state: retry ? 'waiting' : 'attention',
    next_at: retry ? Date.now() + retryDelay(tries) : 0,
    cause: {
      code: problem?.code ?? 'no_result',
      at: Date.now(),
      ...detailOf(problem),
    },
  })
}
