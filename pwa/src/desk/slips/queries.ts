/** Slips (四单): drafted by the office, signed off, signed for by units; who handles an item; contacts. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type SlipRow = Schemas['SlipRowView']
export type Slip = Schemas['SlipDetail']
export type SlipContent = Schemas['SlipContent']
export type Receipt = Schemas['ReceiptView']
export type DraftSlip = Schemas['DraftSlip']
export type SlipText = Schemas['SlipText']
export type Recipient = Schemas['SlipRecipient']
export type Unsigned = Schemas['UnsignedRow']
export type Control = Schemas['ControlReport']
export type Assignment = Schemas['AssignmentView']
export type Task = Assignment['tasks'][number]
export type Disagreement = Schemas['DisagreementView']
export type Consultation = Schemas['RecordConsultation']
export type UnitContacts = Schemas['UnitContactsView']
export type UnitContactsDetail = Schemas['UnitContactsDetail']
export type Person = Schemas['PersonView']
export type Unit = Schemas['UnitView']

export async function readSlipsPage(
  filter: { state?: string; item?: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<SlipRow>> {
  const query = new URLSearchParams()
  if (filter.state) query.set('state', filter.state)
  if (filter.item) query.set('item_id', filter.item)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ slips: SlipRow[]; next_cursor: string | null }>(`/api/slips?${query}`, { signal })
  return { rows: page.slips, next: page.next_cursor }
}
export async function readUnsignedPage(cursor: string | null, signal?: AbortSignal): Promise<Page<Unsigned>> {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''
  const page = await ask<{ receipts: Unsigned[]; next_cursor: string | null }>(
    `/api/slips/unsigned${query}`,
    { signal },
  )
  return { rows: page.receipts, next: page.next_cursor }
}
export const readControl = (query: string, signal?: AbortSignal) =>
  ask<Control>(`/api/slips/control?${query}`, { signal })
export const readSlip = (id: string, signal?: AbortSignal) => ask<Slip>(`/api/slips/${id}`, { signal })

export const draftSlip = (slip: DraftSlip) => ask<Slip>('/api/slips', { json: slip })
export const reviseSlip = (slip: Slip, text: SlipText) =>
  ask<Slip>(`/api/slips/${slip.id}`, {
    method: 'PUT',
    json: text,
    headers: { 'If-Match': `"${slip.version}"` },
  })
export const issueSlip = (slip: Slip) => command<Slip>(`/api/slips/${slip.id}/issue`, undefined, slip.version)
export const discardSlip = (slip: Slip) =>
  command<Slip>(`/api/slips/${slip.id}/discard`, undefined, slip.version)
export const withdrawSlip = (slip: Slip, reason: string) =>
  command<Slip>(`/api/slips/${slip.id}/withdraw`, { reason }, slip.version)
export const signSlip = (slip: Slip, words: string) => command<Slip>(`/api/slips/${slip.id}/sign`, { words })
export const refuseSlip = (slip: Slip, reason: string) =>
  command<Slip>(`/api/slips/${slip.id}/refuse`, { reason })
export const decideRefusal = (slip: Slip, unit: string, uphold: boolean, words: string) =>
  command<Slip>(`/api/slips/${slip.id}/decide`, { unit_id: unit, uphold, words })

export const readAssignment = (item: string, signal?: AbortSignal) =>
  ask<Assignment>(`/api/items/${item}/assignment`, { signal })
export const contribute = (item: string, id: string, text: string) =>
  ask<Assignment>(`/api/items/${item}/contributions`, { json: { id, text } })
export const finishTask = (task: Task, result: string) =>
  command<Assignment>(`/api/tasks/${task.id}/finish`, { result })
export const raiseDisagreement = (item: string, id: string, subject: string) =>
  ask<Disagreement>(`/api/items/${item}/disagreements`, { json: { id, subject } })
export const recordConsultation = (one: Disagreement, body: Consultation) =>
  ask<Disagreement>(`/api/disagreements/${one.id}/consultations`, { json: body })
export const sendUp = (one: Disagreement) =>
  command<Disagreement>(`/api/disagreements/${one.id}/send_up`, undefined, one.version)
export const settle = (one: Disagreement, outcome: string, by: 'settle' | 'instruct') =>
  command<Disagreement>(`/api/disagreements/${one.id}/${by}`, { outcome }, one.version)

export const readContacts = (signal?: AbortSignal) => ask<UnitContacts[]>('/api/contacts', { signal })
export const readUnitContacts = (unit: string, signal?: AbortSignal) =>
  ask<UnitContactsDetail>(`/api/contacts/${unit}`, { signal })
export const nameContact = (unit: string, kind: 'LEADER' | 'LIAISON', person: string, phone: string) =>
  ask<UnitContactsDetail>(`/api/contacts/${unit}`, {
    method: 'PUT',
    json: { kind, person_id: person, phone },
  })

export const readUnits = () => ask<Unit[]>('/api/units')
export const readPeople = () => ask<Person[]>('/api/people')
