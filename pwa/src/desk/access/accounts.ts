/** Accounts and units: who was added, what was asked for, who confirmed it. */
import type { components } from '@shared/api/schema'
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import { command } from '../kit/command'
import type { Page } from '../kit/list'
import { t } from './accounts.words'
import { ask, session } from './session'

type Schemas = components['schemas']
export type Account = Schemas['AccountView']
export type AccountState = Account['state']
export type RoleRequest = Schemas['RoleRequestView']
export type Role = Account['roles'][number]
export type Unit = Schemas['UnitView']
export type UnitRecord = Schemas['UnitRecordView']
export type Change = Schemas['ChangeView']
export type PersonChange = Omit<Schemas['AskPersonChange'], 'id'>
export type UnitChange = Omit<Schemas['AskUnitChange'], 'id'>
export type UnitKind = NonNullable<Schemas['AddUnit']['kind']>

export const ACCOUNT_STATES: Record<AccountState, { tone: Tone; icon: IconName }> = {
  waiting: { tone: 'warn', icon: 'clock' },
  active: { tone: 'good', icon: 'checkCircle' },
  closed: { tone: 'neutral', icon: 'lock' },
}
export const REQUEST_TONES: Record<RoleRequest['state'], { tone: Tone; icon: IconName }> = {
  asked: { tone: 'warn', icon: 'clock' },
  confirmed: { tone: 'good', icon: 'checkCircle' },
  refused: { tone: 'bad', icon: 'close' },
  lapsed: { tone: 'neutral', icon: 'void' },
}
export const UNIT_KINDS: readonly UnitKind[] = ['department', 'office', 'lower_government', 'government']
const OFFICERS: readonly Role[] = ['ADM', 'SEC', 'AUD']

export async function readAccountsPage(
  filter: { standing: string; q: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Account>> {
  const query = new URLSearchParams()
  for (const name of ['standing', 'q'] as const) if (filter[name]) query.set(name, filter[name])
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['AccountList']>(`/api/accounts?${query}`, { signal })
  return { rows: page.accounts, next: page.next_cursor }
}
export const readAccount = (id: string, signal?: AbortSignal) =>
  ask<Account>(`/api/accounts/${id}`, { signal })
export const addAccount = (json: Schemas['AddAccount']) => ask<Account>('/api/accounts', { json })
export const askRole = (one: Account, json: Schemas['AskRole']) =>
  ask<Account>(`/api/accounts/${one.id}/roles`, { json })
export const closeAccount = (one: Account) => command<Account>(`/api/accounts/${one.id}/close`)
export const reopenAccount = (one: Account, password: string) =>
  command<Account>(`/api/accounts/${one.id}/reopen`, { password })
/** For the account as it was looked at: called so, and of that unit. */
export const confirmRole = (one: RoleRequest, account: Account) =>
  command<Account>(`/api/role-requests/${one.id}/confirm`, undefined, account.version)
export const refuseRole = (one: RoleRequest) => command<Account>(`/api/role-requests/${one.id}/refuse`)
export const readUnits = (): Promise<Unit[]> => ask<Unit[]>('/api/units')
const asking = (version: number) => ({ headers: { 'If-Match': `"${version}"` } })
export const askPersonChange = (one: Account, json: Schemas['AskPersonChange']) =>
  ask<Account>(`/api/accounts/${one.id}/changes`, { json, ...asking(one.version) })
export const decidePersonChange = (one: Change, act: 'confirm' | 'refuse') =>
  command<Account>(`/api/account-changes/${one.id}/${act}`)
export const readUnitRecords = (signal?: AbortSignal): Promise<UnitRecord[]> =>
  ask<UnitRecord[]>('/api/units/register', { signal })
export const askUnitChange = (one: UnitRecord, json: Schemas['AskUnitChange']) =>
  ask<UnitRecord>(`/api/units/${one.id}/changes`, { json, ...asking(one.version) })
export const decideUnitChange = (one: Change, act: 'confirm' | 'refuse') =>
  command<UnitRecord>(`/api/unit-changes/${one.id}/${act}`)
export const addUnit = (json: Schemas['AddUnit']) => ask<Unit>('/api/units', { json })

/** What this person may decide on; the server asks the same. Nobody is the second person to himself. */
export const mayDecide = (
  one: Pick<RoleRequest, 'state' | 'asked_by'>,
  about: string,
  mayConfirm: boolean,
  me = session.value?.person.id,
) => mayConfirm && one.state === 'asked' && one.asked_by.id !== me && about !== me

/** Roles that can still be asked for: an officer holds one alone, and everybody else none of theirs beside another. */
export function rolesToAsk(one: Account, all: readonly Role[]): Role[] {
  const waits = new Set(one.requests.filter((request) => request.state === 'asked').map(({ role }) => role))
  if (one.roles.some((role) => OFFICERS.includes(role))) return []
  return all.filter(
    (role) =>
      !one.roles.includes(role) && !waits.has(role) && (one.roles.length === 0 || !OFFICERS.includes(role)),
  )
}

/** What differs, as it was and as it is to be. */
export function changedLines(
  one: Change,
): { field: 'called' | 'name' | 'place' | 'above' | 'kind'; before: string; after: string }[] {
  const kind = (code: string | null) => (code && t.maybe(`unit.kind.${code}`)) ?? code ?? ''
  const [called, place] = one.kind === null ? (['called', 'place'] as const) : (['name', 'above'] as const)
  const lines = [
    { field: called, before: one.name_before, after: one.name },
    { field: place, before: one.place_before?.name ?? '', after: one.place?.name ?? '' },
    { field: 'kind', before: kind(one.kind_before), after: kind(one.kind) },
  ] as const
  return lines.filter((line) => line.before !== line.after || (line.field === place && moved(one)))
}
export const moved = (one: Change) => one.place?.id !== one.place_before?.id

/** The same in words, a line for each. */
export const changedText = (one: Change): string =>
  changedLines(one)
    .map(({ field, ...rest }) => t('changed.line', { field: t(`changed.${field}`), ...rest }))
    .join('\n')

type Placed = Pick<Unit, 'id' | 'parent_id' | 'name'>
export interface UnitRow<U extends Placed = Unit> {
  unit: U
  depth: number
}
/** The tree as rows, each unit below its own. */
export function treeOf<U extends Placed>(units: readonly U[]): UnitRow<U>[] {
  const known = new Set(units.map((unit) => unit.id))
  const below = (parent: string | null, depth: number): UnitRow<U>[] =>
    units
      .filter((unit) => (unit.parent_id && known.has(unit.parent_id) ? unit.parent_id : null) === parent)
      .flatMap((unit) => [{ unit, depth }, ...below(unit.id, depth + 1)])
  return below(null, 0)
}

/** The tree to choose from, without a unit and what lies below it. */
export function choicesOf(units: readonly Placed[], without?: string): { id: string; name: string }[] {
  const rows = treeOf(units)
  const at = rows.findIndex(({ unit }) => unit.id === without)
  const own = rows[at]?.depth ?? 0
  const after = rows.findIndex(({ depth }, n) => n > at && depth <= own)
  const kept = at < 0 ? rows : rows.filter((_, n) => n < at || (after >= 0 && n >= after))
  return kept.map(({ unit, depth }) => ({ id: unit.id, name: '　'.repeat(depth) + unit.name }))
}

/** Easy to read out and to type, and hard to guess: 12 of 31 signs, none that looks like another. */
export function firstPassword(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
  const picked: string[] = []
  while (picked.length < 12) {
    // 248 is 8 × 31: what lies above would make some signs likelier.
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < 248) picked.push(signs[byte % signs.length] ?? '')
  }
  return picked.join('').replace(/(.{4})(?=.)/g, '$1-')
}
