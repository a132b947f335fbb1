import { described } from '@shared/api/lifecycles'
import { expect, it } from 'vitest'
import {
  type Account,
  type Change,
  changedLines,
  choicesOf,
  firstPassword,
  mayDecide,
  type Role,
  type RoleRequest,
  rolesToAsk,
  treeOf,
  type Unit,
} from './accounts'
import en from './accounts.en'
import { zh } from './accounts.zh'

const request = (role: Role, state: RoleRequest['state'] = 'asked') =>
  ({ role, state, asked_by: { id: 'adm', name: '陆璐' } }) as RoleRequest
const account = (roles: Role[], requests: RoleRequest[] = []) => ({ roles, requests }) as unknown as Account
const ALL: Role[] = ['SUP', 'OFFICE', 'ADM', 'SEC']

it.each([
  ['asked', 'sec', true, true],
  ['asked', 'sec', false, false],
  ['asked', 'adm', true, false],
  ['asked', 'linxia', true, false],
  ['confirmed', 'sec', true, false],
] as const)('%s: %s, who may confirm (%s), decides: %s', (state, me, may, decides) => {
  expect(mayDecide(request('SUP', state), 'linxia', may, me)).toBe(decides)
})

it('offers what can still be asked for', () => {
  expect(rolesToAsk(account([]), ALL)).toEqual(ALL)
  expect(rolesToAsk(account([], [request('SUP'), request('SEC', 'refused')]), ALL)).toEqual([
    'OFFICE',
    'ADM',
    'SEC',
  ])
  expect(rolesToAsk(account(['SUP']), ALL)).toEqual(['OFFICE'])
  expect(rolesToAsk(account(['AUD']), ALL)).toEqual([])
})

it('shows each unit below its own', () => {
  const unit = (id: string, parent_id: string | null) => ({ id, parent_id }) as Unit
  const tree = treeOf([unit('root', null), unit('b', 'root'), unit('a', 'b'), unit('lost', 'nowhere')])
  expect(tree.map(({ unit: { id }, depth }) => [id, depth])).toEqual([
    ['root', 0],
    ['b', 1],
    ['a', 2],
    ['lost', 0],
  ])
})

it('offers no unit below itself', () => {
  const unit = (id: string, parent_id: string | null) => ({ id, parent_id, name: id }) as Unit
  const units = [unit('root', null), unit('a', 'root'), unit('b', 'a'), unit('c', 'root')]
  const ids = (without?: string) => choicesOf(units, without).map(({ id }) => id)
  expect(ids()).toEqual(['root', 'a', 'b', 'c'])
  expect(ids('a')).toEqual(['root', 'c'])
  expect(ids('c')).toEqual(['root', 'a', 'b'])
  expect(ids('root')).toEqual([])
})

it('says what differs, and nothing else', () => {
  const office = { id: 'o', name: '督查室' }
  const change = (wanted: Partial<Change>) =>
    changedLines({
      name: '周衡',
      name_before: '周衡',
      place: office,
      place_before: office,
      kind: null,
      kind_before: null,
      ...wanted,
    } as Change)
  expect(change({ name_before: '周桓' })).toEqual([{ field: 'called', before: '周桓', after: '周衡' }])
  expect(change({ place: { id: 'h', name: '住建局' } })).toEqual([
    { field: 'place', before: '督查室', after: '住建局' },
  ])
  // Two units may be called alike; the move is told all the same.
  expect(change({ place: { id: 'h', name: '督查室' } })).toHaveLength(1)
  expect(change({ kind: 'office', kind_before: 'department' })).toEqual([
    { field: 'kind', before: '部门', after: '督查机构' },
  ])
})

it('makes first passwords that can be read out', () => {
  const made = Array.from({ length: 50 }, firstPassword)
  for (const one of made) expect(one).toMatch(/^([a-hj-km-np-z2-9]{4}-){2}[a-hj-km-np-z2-9]{4}$/)
  expect(new Set(made).size).toBe(made.length)
})

it('says the same in both languages, and names the roles as the server does', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((found) => found[1]).sort()
  for (const key of Object.keys(zh) as (keyof typeof zh)[])
    expect(names(en[key]), key).toEqual(names(zh[key]))
  for (const { code, zh: chinese, en: english } of described.lists.role) {
    expect(zh).toHaveProperty([`role.${code}`], chinese)
    expect(en).toHaveProperty([`role.${code}`], english)
  }
})
