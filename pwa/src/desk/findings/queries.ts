/** Findings of visits. */
import { ask } from '../access/session'
import type { Named } from '../items/queries'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

export interface Finding {
  id: string
  visit: { id: string; title: string; state: string }
  item: { id: string; register_no: string; title: string }
  text: string
  category: string
  severity: string
  state: string
  reason: string
  capture_ids: string[]
  author: Named
  found_at: string
  recorded_at: string
  acts: string[]
  version: number
}

export async function readFindingsPage(
  filter: { state: string; severity: string; visit: string; item: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Finding>> {
  const query = new URLSearchParams()
  if (filter.state) query.set('state', filter.state)
  if (filter.severity) query.set('severity', filter.severity)
  if (filter.visit) query.set('visit_id', filter.visit)
  if (filter.item) query.set('item_id', filter.item)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ findings: Finding[]; next_cursor: string | null }>(`/api/findings?${query}`, {
    signal,
  })
  return { rows: page.findings, next: page.next_cursor }
}
export const readFinding = (id: string, signal?: AbortSignal) =>
  ask<Finding>(`/api/findings/${id}`, { signal })

export async function decideFinding(
  finding: Finding,
  act: 'confirm' | 'dismiss',
  reason: string,
): Promise<Finding> {
  await command(`/api/findings/${finding.id}/${act}`, { reason }, finding.version)
  return readFinding(finding.id)
}
