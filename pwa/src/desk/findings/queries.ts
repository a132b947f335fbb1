/** Findings of visits. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

export type Finding = components['schemas']['FindingView']

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
