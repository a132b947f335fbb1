import { wallMs } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { session } from '../access/session'
import { db, durable } from '../db/db'
import type { VisitRow } from '../db/rows'
import { outboxRow } from '../evidence/chain'

export interface RecordFinding {
  text: string
  category: string
  severity: string
  capture_ids: string[]
}

export async function recordFinding(visit: VisitRow, cmd: RecordFinding): Promise<string> {
  const id = newId()
  const at = wallMs()
  const body = {
    id,
    visit_id: visit.id,
    item_id: visit.item_id,
    ...cmd,
    found_at: new Date(at).toISOString(),
  }
  await durable(() =>
    db.transaction('rw', db.findings, db.outbox, async () => {
      await db.findings.add({
        ...body,
        state: 'FOUND',
        author_name: session.value?.person.name ?? '',
        waiting: true,
      })
      await db.outbox.add(
        outboxRow({ kind: 'finding.record', ...body }, null, {
          kind: 'finding',
          at,
          subject: cmd.text.slice(0, 80),
        }),
      )
    }),
  )
  return id
}

export async function answerQuery(queryId: string, text: string): Promise<void> {
  const at = wallMs()
  await durable(() =>
    db.transaction('rw', db.queries, db.outbox, async () => {
      await db.queries.update(queryId, { answer: text, answered_at: new Date(at).toISOString() })
      await db.outbox.add(
        outboxRow({ kind: 'query.answer', id: newId(), query_id: queryId, text }, null, {
          kind: 'answer',
          at,
          subject: text.slice(0, 80),
        }),
      )
    }),
  )
}
