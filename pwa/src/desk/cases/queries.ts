/** Accountability cases: drafts that cite evidence, and their proposal. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Citation = Schemas['CitationView']
export type CaseRow = Schemas['CaseRowView']
export type Case = Schemas['CaseView']
export type DraftCase = Schemas['DraftCase']

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
