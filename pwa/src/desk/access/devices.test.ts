import { expect, it } from 'vitest'
import { actsOn, type Device, type DeviceState } from './devices'
import english from './devices.en'
import { zh } from './devices.zh'

const device = (state: DeviceState, asker: string | null = null) =>
  ({
    state,
    person: { id: 'owner', name: '林夏' },
    revocation_asked_by: asker ? { id: asker, name: '贺敬' } : null,
  }) as Device

it.each([
  ['unconfirmed', null, true, 'second', ['confirm', 'ask']],
  ['unconfirmed', null, true, 'owner', ['ask']],
  ['unconfirmed', null, false, 'adm', ['ask']],
  ['confirmed', null, true, 'second', ['ask']],
  ['revocation_asked', 'first', true, 'second', ['end', 'keep']],
  ['revocation_asked', 'first', true, 'first', []],
  ['revocation_asked', 'first', false, 'adm', []],
  ['revoked', 'first', true, 'second', []],
] as const)('%s, asked for by %s: may confirm %s, is %s', (state, asker, mayConfirm, me, acts) => {
  expect(actsOn(device(state, asker), mayConfirm, me)).toEqual(acts)
})

it('says the same in both languages', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((found) => found[1]).sort()
  for (const key of Object.keys(zh) as (keyof typeof zh)[])
    expect(names(english[key]), key).toEqual(names(zh[key]))
})
