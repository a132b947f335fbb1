/** An item's way from registration to its unit: what is asked of the server, and what it answers. */
import type { components } from '@shared/api/schema'
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'
import type { Item } from './queries'

type Schemas = components['schemas']
export type ItemDetail = Schemas['ItemDetailView']
export type Process = Schemas['ProcessView']
export type ItemStep = Schemas['StepView']
export type ProposeItem = Schemas['ProposeItem']
export type RecordInstruction = Schemas['RecordInstruction']
export type ConfirmMethod = Schemas['ConfirmMethod']
export type Amendment = Schemas['MethodAmendmentView']
export type Feedback = Schemas['FeedbackView']
export type SignatureKind = Schemas['SignatureKind']
export type Attachment = Schemas['AttachmentView']
export type AttachmentKind = Schemas['AttachmentKind']
export type SameSource = Schemas['SameSourceView']
export type Person = Schemas['PersonView']
export type WaitingItem = Schemas['WaitingItemView']

function act<T>(method: 'POST' | 'PUT', path: string, version?: number, json?: unknown): Promise<T> {
  const headers: Record<string, string> = { 'Idempotency-Key': newId() }
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  return ask<T>(path, { method, json, headers })
}
const at = (item: Item, what: string) => `/api/items/${item.id}/${what}`

export const propose = (item: Item, proposal: ProposeItem) =>
  act<ItemDetail>('PUT', at(item, 'proposal'), item.version, proposal)
export const submit = (item: Item) => act<ItemDetail>('POST', at(item, 'submit'), item.version)
export const sign = (item: Item, kind: SignatureKind, opinion: string) =>
  act<ItemDetail>('POST', at(item, 'signatures'), item.version, { kind, opinion })
export const sendBack = (item: Item, reason: string) =>
  act<ItemDetail>('POST', at(item, 'send-back'), item.version, { reason })
export const refuse = (item: Item, reason: string) =>
  act<ItemDetail>('POST', at(item, 'refuse'), item.version, { reason })
export const merge = (item: Item, intoId: string, reason: string) =>
  act<ItemDetail>('POST', at(item, 'merge'), item.version, { into_id: intoId, reason })
export const confirmMethod = (item: Item, method: ConfirmMethod) =>
  act<ItemDetail>('PUT', at(item, 'method'), item.version, method)
export const amendMethod = (item: Item, change: Schemas['AmendMethod']) =>
  act<ItemDetail>('POST', at(item, 'method/amendments'), item.version, change)
export const decideMethod = (item: Item, id: string, approve: boolean, opinion: string) =>
  act<ItemDetail>('POST', at(item, `method/amendments/${id}/decide`), item.version, { approve, opinion })
export const tellOrigin = (item: Item, id: string, how: string) =>
  act<ItemDetail>('POST', at(item, `feedbacks/${id}/told`), item.version, { how })
export const recordInstruction = (item: Item, instruction: RecordInstruction) =>
  act<ItemDetail>('POST', at(item, 'instructions'), item.version, instruction)
export const attach = (item: Item, attachmentId: string, kind: AttachmentKind) =>
  act<ItemDetail>('POST', at(item, 'attachments'), item.version, { attachment_id: attachmentId, kind })

export const readSteps = async (id: string, signal?: AbortSignal) =>
  (await ask<{ steps: ItemStep[] }>(`/api/items/${id}/steps`, { signal })).steps
export const readIntakeHours = async () => (await ask<{ hours: number }>('/api/items/intake')).hours
export const readPeople = () => ask<Person[]>('/api/people')
export const readWaiting = async (signal?: AbortSignal) =>
  ask<{ waiting: WaitingItem[]; total: number }>('/api/items/waiting', { signal })

export async function readSameSource(
  asked: Readonly<Record<'ref' | 'leader' | 'on' | 'wording', string>>,
  signal?: AbortSignal,
): Promise<SameSource[]> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) if (value.trim()) query.set(name, value.trim())
  return (await ask<{ items: SameSource[] }>(`/api/items/same-source?${query}`, { signal })).items
}

/** Hands a file in; its id is minted here, so that a second try after a lost answer keeps one. */
export function handIn(file: File, id: string): Promise<Attachment> {
  const headers = { 'X-File-Name': encodeURIComponent(file.name), 'Idempotency-Key': id }
  return ask<Attachment>('/api/attachments', { method: 'POST', body: file, headers, timeoutMs: 120_000 })
}
export const fileAddress = (item: Item | null, id: string) =>
  item ? `/api/items/${item.id}/attachments/${id}` : `/api/attachments/${id}`
