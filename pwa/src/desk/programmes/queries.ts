/** Programmes of years and stages, and what was done of them. */
import type { components } from '@shared/api/schema'
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type ProgrammeRow = Schemas['ProgrammeRowView']
export type Programme = Schemas['ProgrammeView']
export type ProgrammeVersion = Schemas['ProgrammeVersionView']
export type EntryView = Schemas['EntryView']
export type Entry = Schemas['Entry']
export type DraftProgramme = Schemas['DraftProgramme']
export type Comparison = Schemas['ComparisonView']
export type EntryDone = Schemas['EntryDoneView']
export type EntryRecords = Schemas['EntryRecordsView']
export type Frequency = Schemas['FrequencyView']

export async function readProgrammesPage(
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ProgrammeRow>> {
  const query = cursor ? `?cursor=${cursor}` : ''
  const page = await ask<Schemas['ProgrammeList']>(`/api/programmes${query}`, { signal })
  return { rows: page.programmes, next: page.next_cursor }
}
export const readProgramme = (id: string, no: string, signal?: AbortSignal) =>
  ask<Programme>(`/api/programmes/${id}${no ? `?no=${no}` : ''}`, { signal })
export const readComparison = (id: string, asOf: string, signal?: AbortSignal) =>
  ask<Comparison>(`/api/programmes/${id}/comparison?as_of=${asOf}`, { signal })
export const readRecords = (id: string, key: string, asOf: string, signal?: AbortSignal) =>
  ask<EntryRecords>(`/api/programmes/${id}/entries/${key}/records?as_of=${asOf}`, { signal })
export const draftProgramme = (programme: DraftProgramme) =>
  ask<Programme>('/api/programmes', { json: programme })
export const reviseProgramme = (one: Programme, part: Schemas['ReviseProgramme']) =>
  ask<Programme>(`/api/programmes/${one.id}/draft`, {
    method: 'PUT',
    json: part,
    headers: { 'If-Match': `"${one.version}"`, 'Idempotency-Key': newId() },
  })
export const actOnProgramme = (one: Programme, act: string, body?: unknown) =>
  command<Programme>(`/api/programmes/${one.id}/${act}`, body, one.version)
/** Under no key: the item lies outside the programme. */
export const putUnder = (one: Programme, itemId: string, key: string | null) =>
  command<Programme>(`/api/programmes/${one.id}/items`, { item_id: itemId, entry_key: key })
export const takeOff = (one: Programme, itemId: string) =>
  ask<Programme>(`/api/programmes/${one.id}/items/${itemId}`, {
    method: 'DELETE',
    headers: { 'Idempotency-Key': newId() },
  })
export function readFrequency(
  item: string,
  site: string,
  on: string,
  signal?: AbortSignal,
): Promise<Frequency> {
  const query = new URLSearchParams({ item_id: item, on })
  if (site) query.set('site_id', site)
  return ask<Frequency>(`/api/programmes/frequency?${query}`, { signal })
}
