/** What lies on the leaders' desks, and who is away. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Circulation = Schemas['CirculationView']
export type CirculationRow = Schemas['CirculationRowView']
export type DeskEntry = Schemas['DeskEntryView']
export type Desks = Schemas['DesksView']
export type Desk = Schemas['DeskView']
export type Absence = Schemas['AbsenceView']
export type Person = Schemas['PersonView']
export type OpenCirculation = Schemas['OpenCirculation']
export type MarkAbsence = Schemas['MarkAbsence']

export const LISTS = ['on_desk', 'reroute', 'waiting', 'returned'] as const
export type Where = (typeof LISTS)[number]
export const whereOf = (text: string): Where => LISTS.find((one) => one === text) ?? 'on_desk'

export async function readCirculationsPage(
  filter: { where: Where; leader: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<CirculationRow>> {
  const query = new URLSearchParams({ where: filter.where })
  if (filter.leader) query.set('leader_id', filter.leader)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['CirculationList']>(`/api/circulations?${query}`, { signal })
  return { rows: page.circulations, next: page.next_cursor }
}
export const readCirculation = (id: string, signal?: AbortSignal) =>
  ask<Circulation>(`/api/circulations/${id}`, { signal })
export const openCirculation = (one: OpenCirculation) => ask<Circulation>('/api/circulations', { json: one })
export const actOn = (one: Circulation, path: string, body: object) =>
  command<Circulation>(`/api/circulations/${one.id}/${path}`, body, one.version)

export const readDesks = (_key: string, signal?: AbortSignal) => ask<Desks>('/api/desks', { signal })
export const markAbsence = (absence: MarkAbsence) => ask<Desks>('/api/absences', { json: absence })
export const changeAbsence = (absence: Absence, toOn: string) =>
  command<Desks>(`/api/absences/${absence.id}/change`, { to_on: toOn }, absence.version)
export const cancelAbsence = (absence: Absence) =>
  command<Desks>(`/api/absences/${absence.id}/cancel`, undefined, absence.version)

const BEFORE_WHOM = ['LEADER', 'HEAD', 'ORIGIN']
export async function readLeaders(): Promise<Person[]> {
  const people = await ask<Person[]>('/api/people')
  return people.filter((person) => person.roles.some((role) => BEFORE_WHOM.includes(role)))
}
