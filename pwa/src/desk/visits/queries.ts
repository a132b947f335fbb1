/** Visits: plans, teams, what has arrived from their phones. */
import type { Clause } from '@shared/api/contract'
import { ask } from '../access/session'
import type { Named } from '../items/queries'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

export interface VisitRow {
  id: string
  state: string
  nature: string
  method: string
  title: string
  item: { id: string; register_no: string; title: string }
  site: {
    id: string
    name: string
    address: string
    lat_e7: number | null
    lon_e7: number | null
    radius_m: number
  }
  object_unit: Named | null
  planned_for: string
  starts_at: string | null
  ends_at: string | null
  team: { person_id: string; name: string; role: string }[]
  brief: string
  planned_by: Named
  approver: Named
  approved_at: string | null
  departed_at: string | null
  arrived_at: string | null
  left_at: string | null
  signed_at: string | null
  released_at: string | null
  released: boolean
  version: number
}
export interface Visit extends VisitRow {
  clauses: Partial<Record<Clause, { kept: boolean; reason: string | null }>>
  steps: {
    id: string
    act: string
    by: Named
    reported_at: string
    received_at: string
    lat_e7: number | null
    lon_e7: number | null
    acc_cm: number | null
    reason: string
  }[]
  progress: {
    device: Named
    person: Named
    captures: number
    originals_received: number
    originals_total: number
    last_received_at: string
  }[]
  acts: string[]
}
export interface Person {
  id: string
  name: string
  unit: Named
  roles: string[]
}
export interface PlanVisit {
  id: string
  item_id: string
  site_id: string
  title: string
  method: string
  planned_for: string
  team: string[]
  leader_id: string
  approver_id: string
  brief: string
}

export async function readVisitsPage(
  filter: { state: string; item: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<VisitRow>> {
  const query = new URLSearchParams()
  if (filter.state) query.set('state', filter.state)
  if (filter.item) query.set('item_id', filter.item)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ visits: VisitRow[]; next_cursor: string | null }>(`/api/visits?${query}`, {
    signal,
  })
  return { rows: page.visits, next: page.next_cursor }
}
export const readVisit = (id: string, signal?: AbortSignal) => ask<Visit>(`/api/visits/${id}`, { signal })
export const planVisit = (plan: PlanVisit) => ask<Visit>('/api/visits', { json: plan })
export const readPeople = () => ask<Person[]>('/api/people')

const PATHS = { approve: 'approve', lock_team: 'lock-team', release: 'release' } as const
export type VisitAct = keyof typeof PATHS

export const takeStep = (visit: Visit, act: VisitAct): Promise<Visit> =>
  command<Visit>(`/api/visits/${visit.id}/${PATHS[act]}`, undefined, visit.version)
export const abortVisit = (visit: Visit, reason: string): Promise<Visit> =>
  command<Visit>(`/api/visits/${visit.id}/abort`, { reason }, visit.version)

/** For menus: the latest visits. */
export async function readVisitChoices(): Promise<Named[]> {
  const { rows } = await readVisitsPage({ state: '', item: '' }, null)
  return rows.map((visit) => ({ id: visit.id, name: `${visit.planned_for} ${visit.title}` }))
}
