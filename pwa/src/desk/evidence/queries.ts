/** Evidence as the desk reads it, and what a reviewer may do with it. */
import type { MediaRole } from '@shared/api/contract'
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'
import type { Page } from '../kit/list'

export type Decision = 'pending' | 'accepted' | 'queried' | 'rejected'

export interface Named {
  id: string
  name: string
}
export interface Original {
  sha256: string
  bytes: number
  type: string
  width: number
  height: number
  source: string
  received_at: string | null
  state: 'awaited' | 'received' | 'unreadable'
  reason: string | null
}
export interface Reason {
  code: string
  level: 'ok' | 'note' | 'warn'
  params: Record<string, string | number | null>
}
export interface Site {
  id: string
  name: string
  address: string
  lat_e7: number | null
  lon_e7: number | null
  radius_m: number
}
export interface Position {
  lat_e7: number
  lon_e7: number
  acc_cm: number
  alt_cm: number | null
  fixed_at: string
}
export interface Evidence {
  id: string
  visit: { id: string; title: string; state: string }
  item: { id: string; register_no: string; title: string }
  site: Site | null
  author: Named
  captured_at: string
  received_at: string
  discarded_at: string | null
  note: string
  clock: { wall_ms: number; mono_ms: number; tz_min: number; server_skew_ms: number | null }
  position: Position | null
  distance_m: number | null
  originals: Original[]
  derived: Record<'thumb' | 'preview' | 'watermark', boolean>
  statement_sha256: string
  env_sha256: string
  chain: { session_id: string; seq: number; prev_ok: boolean; signature_ok: boolean; sealed: boolean }
  plausibility: Reason[]
  decision: Decision
  review: { decision: 'accepted' | 'rejected'; reason: string; by: Named; at: string } | null
  queries: {
    id: string
    text: string
    asked_by: Named
    asked_at: string
    answer: string | null
    answered_at: string | null
  }[]
  comments: { id: string; text: string; by: Named; at: string }[]
  findings: { id: string; text: string; severity: string }[]
  cases: { id: string; title: string; state: string }[]
  etag: string
}

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

export const mediaPath = (id: string, role: MediaRole): string => `/api/media/${id}/${role}`

export const received = (evidence: Pick<Evidence, 'originals'>): number =>
  evidence.originals.filter((original) => original.received_at !== null).length
