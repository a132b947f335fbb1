/** A task of a programme as the form holds it and as the server takes it. */
import { newId } from '@shared/kit/ids'
import type { Entry, EntryView } from './queries'

export const UNIT_KINDS = [
  'department',
  'lower_government',
  'authorised_body',
  'entrusted_body',
  'government',
] as const

export interface EntryDraft {
  key: string
  subject: string
  object: 'unit' | 'kind'
  unit_id: string
  unit_kind: string
  category: string
  from_on: string
  to_on: string
  visits: number
  responsible_id: string
  basis: string
}
export const freshEntry = (from: string, to: string): EntryDraft => ({
  key: newId(),
  subject: '',
  object: 'unit',
  unit_id: '',
  unit_kind: '',
  category: '',
  from_on: from,
  to_on: to,
  visits: 1,
  responsible_id: '',
  basis: '',
})
export const entryOf = (one: EntryView): EntryDraft => ({
  key: one.key,
  subject: one.subject,
  object: one.unit ? 'unit' : 'kind',
  unit_id: one.unit?.id ?? '',
  unit_kind: one.unit_kind ?? '',
  category: one.category ?? '',
  from_on: one.from_on,
  to_on: one.to_on,
  visits: one.visits,
  responsible_id: one.responsible.id,
  basis: one.basis,
})
export const sentEntry = (one: EntryDraft): Entry => ({
  key: one.key,
  subject: one.subject.trim(),
  unit_id: one.object === 'unit' ? one.unit_id : null,
  unit_kind: one.object === 'kind' ? one.unit_kind : null,
  category: (one.category || null) as Entry['category'],
  from_on: one.from_on,
  to_on: one.to_on,
  visits: Number(one.visits) || 0,
  responsible_id: one.responsible_id,
  basis: one.basis.trim(),
})
