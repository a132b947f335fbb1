/** Visits: plans, teams, what has arrived from their phones. */

import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import type { Named } from '../items/queries'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type VisitRow = Schemas['VisitRowView']
export type Visit = Schemas['VisitView']
export type Person = Schemas['PersonView']
export type PlanVisit = Schemas['PlanVisit']

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
