/** Accountability cases: drafts that cite evidence, and their proposal. */
import { ask } from '../access/session'
import type { Decision } from '../evidence/queries'
import type { Named } from '../items/queries'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

export interface Citation {
  capture_id: string
  statement_sha256: string
  captured_at: string
  author: Named
  decision: Decision
  originals_received: number
  originals_total: number
  cited_by: Named
  cited_at: string
}
export interface CaseRow {
  id: string
  item: { id: string; register_no: string; title: string }
  title: string
  state: string
  citations: number
  drafted_by: Named
  drafted_at: string
  proposed_by: Named | null
  proposed_at: string | null
  version: number
}
export interface Case extends CaseRow {
  facts: string
  findings: { id: string; text: string; severity: string; state: string }[]
  evidence: Citation[]
  acts: string[]
}
export interface DraftCase {
  id: string
  finding_id: string
  title: string
  facts: string
  capture_ids: string[]
}

export async function readCasesPage(
  filter: { state: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<CaseRow>> {
  const query = new URLSearchParams()
  if (filter.state) query.set('state', filter.state)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ cases: CaseRow[]; next_cursor: string | null }>(`/api/cases?${query}`, { signal })
  return { rows: page.cases, next: page.next_cursor }
}
export const readCase = (id: string, signal?: AbortSignal) => ask<Case>(`/api/cases/${id}`, { signal })
export const draftCase = (draft: DraftCase) => ask<Case>('/api/cases', { json: draft })

export const reviseCase = (one: Case, part: { title: string; facts: string }) =>
  ask<Case>(`/api/cases/${one.id}`, {
    method: 'PATCH',
    json: part,
    headers: { 'If-Match': `"${one.version}"` },
  })
export const cite = (one: Case, captureId: string) =>
  command<Case>(`/api/cases/${one.id}/evidence`, { capture_id: captureId }, one.version)
export const withdraw = (one: Case, captureId: string) =>
  ask<Case>(`/api/cases/${one.id}/evidence/${captureId}`, {
    method: 'DELETE',
    headers: { 'If-Match': `"${one.version}"` },
  })
export const propose = (one: Case) => command<Case>(`/api/cases/${one.id}/propose`, undefined, one.version)
