/** Rule packs, calendars, and what both do to due dates. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'

type Schemas = components['schemas']
export type PackList = Schemas['PackList']
export type PackVersion = Schemas['PackVersionView']
export type Pack = Schemas['PackView']
export type PackPart = Schemas['PartView']
export type Words = Schemas['WordsView']
export type Problem = Schemas['ProblemView']
export type Effect = Schemas['EffectView']
export type EffectRow = Schemas['EffectRow']
export type CalendarVersion = Schemas['CalendarVersionView']
export type Year = Schemas['YearView']
export type SpecialDay = Schemas['SpecialDay']
export type Counted = Schemas['CountView']
export type Notice = Schemas['Notice']
export type Preview = Schemas['CalendarPreview']
export type Sample = Schemas['SampleView']
export type Provisional = Schemas['ProvisionalRow']
export type LimitUnit = 'WORKING_DAYS' | 'DAYS' | 'HOURS'

export const readPacks = (signal?: AbortSignal) => ask<PackList>('/api/rule-packs', { signal })
export const readPack = (label: string, signal?: AbortSignal) =>
  ask<Pack>(`/api/rule-packs/read/${label}`, { signal })
export const askEffect = (of: { label: string } | { text: string }, signal?: AbortSignal) =>
  ask<Effect>('/api/due-dates/effect', { method: 'POST', json: of, signal })
export const draftPack = (draft: { id: string; text?: string; shipped?: string }) =>
  ask<PackVersion>('/api/rule-packs', { json: draft })
export const revisePack = (one: PackVersion, text: string) =>
  ask<PackVersion>(`/api/rule-packs/${one.id}`, {
    method: 'PATCH',
    json: { text },
    headers: { 'If-Match': `"${one.version}"` },
  })
export const actOnPack = (one: PackVersion, act: string, body?: unknown) =>
  command<PackVersion>(`/api/rule-packs/${one.id}/${act}`, body, one.version)

export const readCalendars = (signal?: AbortSignal) =>
  ask<{ calendars: CalendarVersion[] }>('/api/calendars', { signal }).then((list) => list.calendars)
export const readYear = (year: string, signal?: AbortSignal) =>
  ask<Year>(`/api/calendars/years/${year}`, { signal })
export const readSamples = () =>
  ask<{ samples: Sample[] }>('/api/calendars/samples').then((list) => list.samples)
export const previewNotice = (notice: Notice) =>
  ask<Preview>('/api/calendars/preview', { method: 'POST', json: notice })
export const importNotice = (id: string, notice: Notice) =>
  ask<CalendarVersion>('/api/calendars', { json: { id, notice } })
export const enactCalendar = (id: string) => command<CalendarVersion>(`/api/calendars/${id}/enact`)
export const rejectCalendar = (id: string, reason: string) =>
  command<CalendarVersion>(`/api/calendars/${id}/reject`, { reason })
export function countLimit(
  received: string,
  n: number,
  unit: LimitUnit,
  signal?: AbortSignal,
): Promise<Counted> {
  const query = new URLSearchParams({ received, n: String(n), unit })
  return ask<Counted>(`/api/calendars/count?${query}`, { signal })
}

export const readProvisional = (signal?: AbortSignal) =>
  ask<{ items: Provisional[] }>('/api/due-dates/provisional', { signal }).then((list) => list.items)
export const settle = (one: Provisional) =>
  command<{ items: Provisional[] }>(
    `/api/due-dates/provisional/${one.item_id}`,
    { due_at: one.proposed_at },
    one.version,
  ).then((list) => list.items)
