/** Children of an item, imports, schedules, the wall chart and the public board. */
import type { components } from '@shared/api/schema'
import { ask } from '../../access/session'
import { command } from '../../kit/command'
import type { Page } from '../../kit/list'

type Schemas = components['schemas']
export type Family = Schemas['FamilyView']
export type Child = Schemas['ChildView']
export type NewChild = Schemas['NewChild']
export type ImportPreview = Schemas['ImportPreview']
export type ImportRow = Schemas['ImportRowView']
export type Imported = Schemas['ImportView']
export type Column = Schemas['Column']
export type Schedule = Schemas['ScheduleView']
export type Milestone = Schemas['MilestoneView']
export type PatternStep = Schemas['PatternStep']
export type Standing = Schemas['Standing']
export type Wall = Schemas['WallView']
export type WallItem = Schemas['WallItemView']
export type Listings = Schemas['ListingsView']
export type BoardItem = Schemas['BoardItemView']
export type DecideListing = Schemas['DecideListing']
export type Person = Schemas['PersonView']

export const readFamily = (id: string, signal?: AbortSignal) =>
  ask<Family>(`/api/items/${id}/family`, { signal })
export function readChildren(
  id: string,
  state: string,
  after: number | null,
  signal?: AbortSignal,
): Promise<Schemas['ChildList']> {
  const query = new URLSearchParams()
  if (state) query.set('state', state)
  if (after !== null) query.set('after', String(after))
  return ask(`/api/items/${id}/children?${query}`, { signal })
}
export const decompose = (id: string, child: NewChild) =>
  ask<Family>(`/api/items/${id}/children`, { json: { children: [child] } })

/** A table of 20,000 rows takes its time, on the wire and on the server. */
const PATIENCE_MS = 120_000
const asFile = (file: File) => ({
  method: 'POST' as const,
  body: file,
  timeoutMs: PATIENCE_MS,
})
const named = (file: File) => ({
  'X-File-Name': encodeURIComponent(file.name),
  'Content-Type': 'application/octet-stream',
})
export const previewImport = (id: string, file: File) =>
  ask<ImportPreview>(`/api/items/${id}/imports/preview`, { ...asFile(file), headers: named(file) })
export const importTable = (id: string, importId: string, file: File) =>
  ask<Imported>(`/api/items/${id}/imports`, {
    ...asFile(file),
    headers: { ...named(file), 'Idempotency-Key': importId },
  })

export const readSchedule = (id: string, signal?: AbortSignal) =>
  ask<Schedule>(`/api/items/${id}/schedule`, { signal })
export const proposeSchedule = (id: string, steps: PatternStep[]) =>
  ask<Schemas['ProposedSchedule']>(`/api/items/${id}/schedule/proposal`, { json: { steps } })
export const saveSchedule = (
  schedule: Schedule,
  milestones: { id: string; name: string; planned_on: string }[],
) =>
  ask<Schedule>(`/api/items/${schedule.item_id}/schedule`, {
    method: 'PUT',
    json: { milestones },
    headers: { 'If-Match': `"${schedule.version}"` },
  })
export const recordProgress = (itemId: string, milestoneId: string, body: Schemas['RecordProgress']) =>
  ask<Schedule>(`/api/items/${itemId}/milestones/${milestoneId}/progress`, { json: body })

export function readWall(
  filter: { unit: string; from: string; to: string; settled: string },
  signal?: AbortSignal,
): Promise<Wall> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value)
  return ask<Wall>(`/api/items/wall?${query}`, { signal })
}
export async function readBoardPage(cursor: string | null, signal?: AbortSignal): Promise<Page<BoardItem>> {
  const query = new URLSearchParams()
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['BoardView']>(`/api/items/board?${query}`, { signal })
  return { rows: page.items, next: page.next_cursor }
}
export const readListings = (id: string, signal?: AbortSignal) =>
  ask<Listings>(`/api/items/${id}/listings`, { signal })
export const decideListing = (id: string, act: 'list' | 'delist', decision: DecideListing) =>
  command<Listings>(`/api/items/${id}/${act}`, decision)

export const readPeople = (): Promise<Person[]> => ask<Person[]>('/api/people')
