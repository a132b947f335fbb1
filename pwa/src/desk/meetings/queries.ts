/** Meetings, their decisions, and the items made of them. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type MeetingRow = Schemas['MeetingRowView']
export type Meeting = Schemas['MeetingView']
export type Decision = Schemas['DecisionView']
export type MeetingKind = Schemas['MeetingKind']
export type RecordMeeting = Schemas['RecordMeeting']
export type NewDecision = Schemas['NewDecision']
export type Counts = Schemas['MeetingCounts']

export async function readMeetingsPage(
  filter: { kind: string; from: string; to: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<MeetingRow>> {
  const query = new URLSearchParams()
  for (const name of ['kind', 'from', 'to'] as const) if (filter[name]) query.set(name, filter[name])
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['MeetingList']>(`/api/meetings?${query}`, { signal })
  return { rows: page.meetings, next: page.next_cursor }
}
export const readMeeting = (id: string, signal?: AbortSignal) =>
  ask<Meeting>(`/api/meetings/${id}`, { signal })
export const readCounts = (from: string, to: string, signal?: AbortSignal) =>
  ask<Counts>(`/api/meetings/counts?from=${from}&to=${to}`, { signal })
export const recordMeeting = (meeting: RecordMeeting) => ask<Meeting>('/api/meetings', { json: meeting })
export const reviseMeeting = (one: Meeting, part: Schemas['ReviseMeeting']) =>
  ask<Meeting>(`/api/meetings/${one.id}`, {
    method: 'PATCH',
    json: part,
    headers: { 'If-Match': `"${one.version}"` },
  })
export const recordDecision = (one: Meeting, decision: NewDecision) =>
  ask<Meeting>(`/api/meetings/${one.id}/decisions`, { json: { decisions: [decision] } })
export const withdrawDecision = (one: Meeting, decision: Decision) =>
  command<Meeting>(`/api/meetings/${one.id}/decisions/${decision.id}/withdraw`)
export const makeItems = (one: Meeting, items: Schemas['ItemFromDecision'][]) =>
  ask<Meeting>(`/api/meetings/${one.id}/items`, { json: { items, category: 'DECISION' } })

export const handIn = (id: string, file: File) =>
  ask<{ id: string }>('/api/attachments', {
    method: 'POST',
    body: file,
    timeoutMs: 120_000,
    headers: {
      'X-File-Name': encodeURIComponent(file.name),
      'Content-Type': file.type || 'application/octet-stream',
      'Idempotency-Key': id,
    },
  })
