/** The form of a slip and the text that it stands for. Pure. */
import type { Assignment, DraftSlip, Recipient, SlipText } from './queries'

export type Series = DraftSlip['series']
export type LimitKind = 'rule' | 'none' | 'length' | 'day'
export type LimitUnit = 'WORKING_DAYS' | 'DAYS' | 'HOURS'

export interface UnitRow {
  unit: string
  person: string
  task: string
  kind: LimitKind
  n: number
  unitOf: LimitUnit
  at: string
}
export interface SlipFormState {
  mode: 'FORWARD' | 'JOINT' | 'SELF'
  reason: string
  recipients: UnitRow[]
  task: string
  standard: string
  kind: LimitKind
  n: number
  unitOf: LimitUnit
  at: string
  milestone: string
  obstacle: string
  result: string
  verifier: string
  verified_on: string
  channel: 'WRITTEN' | 'MEETING' | 'TELEPHONE'
  meeting: string
  caller: string
  receiver: string
  called_at: string
  said: string
  confirm: boolean
  delivery: 'ONLINE' | 'COURIER' | 'CONFIDENTIAL' | 'MAIL'
  copies: number
  follow_up: string
}

const HOURS_EAST = 8 * 3_600_000

/** An instant as a field for local time shows it, in Shanghai; and back. */
export const asLocal = (at: string): string =>
  new Date(Date.parse(at) + HOURS_EAST).toISOString().slice(0, 16)
export const asInstant = (local: string): string => `${local}:00+08:00`

type Limited = { limit?: { n: number; unit: LimitUnit } | null; limit_at?: string | null }

function limitOf(text: Limited | null, empty: LimitKind): Pick<UnitRow, 'kind' | 'n' | 'unitOf' | 'at'> {
  if (text?.limit) return { kind: 'length', n: text.limit.n, unitOf: text.limit.unit, at: '' }
  if (text?.limit_at) return { kind: 'day', n: 7, unitOf: 'WORKING_DAYS', at: asLocal(text.limit_at) }
  return { kind: empty, n: 7, unitOf: 'WORKING_DAYS', at: '' }
}

/** The form of an old draft, or of a new one prefilled with what the item's proposal says. */
export function fromText(text: SlipText | null, assignment: Assignment | null): SlipFormState {
  const proposed = assignment?.proposed
  const fresh: { unit: string; person: string }[] = proposed
    ? [
        { unit: proposed.unit_id ?? '', person: proposed.person_id ?? '' },
        ...(proposed.assist_unit_ids ?? []).map((unit) => ({ unit, person: '' })),
      ]
    : [{ unit: '', person: '' }]
  const recipients: UnitRow[] = text
    ? recipientsOf(text).map((one) => ({
        unit: one.unit_id,
        person: one.person_id ?? '',
        task: one.task ?? '',
        ...limitOf(one, 'length'),
      }))
    : fresh.map((one) => ({ ...one, task: '', ...limitOf(null, 'length') }))
  return {
    mode: text?.mode ?? assignment?.mode ?? 'FORWARD',
    reason: text?.mode_reason ?? assignment?.mode_reason ?? '',
    recipients:
      recipients.length > 0 ? recipients : [{ unit: '', person: '', task: '', ...limitOf(null, 'length') }],
    task: text?.task ?? proposed?.task ?? '',
    standard: text?.standard ?? proposed?.requirement ?? '',
    ...limitOf(text, text && !text.mode ? 'none' : 'rule'),
    milestone: text?.milestone ?? '',
    obstacle: text?.obstacle ?? '',
    result: text?.result ?? '',
    verifier: text?.verifier_id ?? '',
    verified_on: text?.verified_on ?? '',
    channel: text?.channel ?? 'WRITTEN',
    meeting: text?.meeting ?? '',
    caller: text?.phone?.caller_id ?? '',
    receiver: text?.phone?.receiver ?? '',
    called_at: text?.phone ? asLocal(text.phone.at) : '',
    said: text?.phone?.content ?? '',
    confirm: text?.phone?.confirm_in_writing ?? true,
    delivery: text?.delivery ?? 'ONLINE',
    copies: text?.copies ?? 1,
    follow_up: text?.follow_up_id ?? assignment?.follow_up?.id ?? '',
  }
}

/** The schema loses the type of the items of a list that has a default. */
export const recipientsOf = (text: SlipText): Recipient[] => (text.recipients ?? []) as Recipient[]

const limited = (one: Pick<UnitRow, 'kind' | 'n' | 'unitOf' | 'at'>): Limited => ({
  limit: one.kind === 'length' && one.n > 0 ? { n: one.n, unit: one.unitOf } : null,
  limit_at: one.kind === 'day' && one.at ? asInstant(one.at) : null,
})

/** The text to send. A telephone record that is not whole is not sent: the preview then says what it lacks. */
export function toText(form: SlipFormState, series: Series): SlipText {
  const notice = series === 'TASK_NOTICE'
  const split = series === 'COORDINATION'
  const called = form.channel === 'TELEPHONE' && form.caller && form.called_at
  return {
    mode: notice ? form.mode : null,
    mode_reason: notice && form.mode === 'SELF' ? form.reason : '',
    channel: form.channel,
    meeting: form.channel === 'MEETING' ? form.meeting : '',
    phone: called
      ? {
          caller_id: form.caller,
          receiver: form.receiver,
          at: asInstant(form.called_at),
          content: form.said,
          confirm_in_writing: form.confirm,
        }
      : null,
    delivery: form.delivery,
    copies: form.copies || 1,
    task: form.task,
    standard: notice ? form.standard : '',
    ...limited(split ? { ...form, kind: 'none' } : form),
    milestone: series === 'TRACKING' ? form.milestone : '',
    obstacle: split ? form.obstacle : '',
    result: series === 'CANCELLATION' ? form.result : '',
    verifier_id: form.verifier || null,
    verified_on: form.verified_on || null,
    follow_up_id: form.follow_up || null,
    recipients: form.recipients
      .filter((one) => one.unit)
      .map((one, position) => ({
        unit_id: one.unit,
        person_id: one.person || null,
        assists: notice && form.mode === 'JOINT' && position > 0,
        task: split ? one.task : '',
        ...limited(split ? one : { ...one, kind: 'none' }),
      })),
  }
}
