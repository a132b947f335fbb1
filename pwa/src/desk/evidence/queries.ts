/** Evidence as the desk reads it, and what a reviewer may do with it. */

import type { MediaRole } from '@shared/api/contract'
import type { components } from '@shared/api/schema'
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Evidence = Schemas['EvidenceView']
export type Reason = Schemas['Reason']

export type Decision = Evidence['decision']

export interface EvidenceFilter {
  decision: string
  received: string
  visit: string
  item: string
  q: string
}

export function evidencePath(filter: EvidenceFilter, cursor: string | null, limit = 50): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (filter.decision) query.set('decision', filter.decision)
  if (filter.received) query.set('received', filter.received)
  if (filter.visit) query.set('visit_id', filter.visit)
  if (filter.item) query.set('item_id', filter.item)
  if (filter.q) query.set('q', filter.q)
  if (cursor) query.set('cursor', cursor)
  return `/api/evidence?${query}`
}

export async function readEvidencePage(
  filter: EvidenceFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Evidence>> {
  const page = await ask<{ evidence: Evidence[]; next_cursor: string | null }>(evidencePath(filter, cursor), {
    signal,
  })
  return { rows: page.evidence, next: page.next_cursor }
}

export const readEvidence = (id: string, signal?: AbortSignal): Promise<Evidence> =>
  ask<Evidence>(`/api/evidence/${id}`, { signal })

/** Refused with `changed_meanwhile` when it is no longer what the reviewer looked at. */
export const review = (
  { id, etag }: Pick<Evidence, 'id' | 'etag'>,
  decision: 'accepted' | 'rejected',
  reason: string,
): Promise<Evidence> =>
  ask<Evidence>(`/api/evidence/${id}/review`, {
    json: { id: newId(), decision, reason },
    headers: { 'If-Match': etag },
  })

export const query = (id: string, text: string): Promise<Evidence> =>
  ask<Evidence>(`/api/evidence/${id}/queries`, { json: { id: newId(), text } })

export const comment = (id: string, text: string): Promise<Evidence> =>
  ask<Evidence>(`/api/evidence/${id}/comments`, { json: { id: newId(), text } })

/** Of a capture with several originals, `position` says which; the copies are counted like the originals. */
export const mediaPath = (id: string, role: MediaRole, position = 0): string =>
  `/api/media/${id}/${role}${position > 0 ? `?position=${position}` : ''}`

export const received = (evidence: Pick<Evidence, 'originals'>): number =>
  evidence.originals.filter((original) => original.received_at !== null).length

/** Under which heading of the list it stands: what its author declared void is in none of the others. */
export const standing = (evidence: Pick<Evidence, 'decision' | 'discarded_at'>): Decision | 'discarded' =>
  evidence.discarded_at ? 'discarded' : evidence.decision
