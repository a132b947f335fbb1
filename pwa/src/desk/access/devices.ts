/** Phones: who enrolled them, who confirmed them, and how they end. */
import type { components } from '@shared/api/schema'
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import { command } from '../kit/command'
import type { Page } from '../kit/list'
import { ask, session } from './session'

type Schemas = components['schemas']
export type Device = Schemas['DeviceView']
export type DeviceState = Device['state']

export const DEVICE_STATES: Record<DeviceState, { tone: Tone; icon: IconName }> = {
  unconfirmed: { tone: 'warn', icon: 'clock' },
  confirmed: { tone: 'good', icon: 'checkCircle' },
  revocation_asked: { tone: 'bad', icon: 'alert' },
  revoked: { tone: 'neutral', icon: 'lock' },
}

export async function readDevicesPage(
  filter: { standing: string; q: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Device>> {
  const query = new URLSearchParams()
  for (const name of ['standing', 'q'] as const) if (filter[name]) query.set(name, filter[name])
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['DeviceList']>(`/api/devices/register?${query}`, { signal })
  return { rows: page.devices, next: page.next_cursor }
}
export const readDevice = (id: string, signal?: AbortSignal) => ask<Device>(`/api/devices/${id}`, { signal })
export const confirmDevice = (one: Device) => command<Device>(`/api/devices/${one.id}/confirm`)
export const askRevocation = (one: Device, reason: string) =>
  command<Device>(`/api/devices/${one.id}/revoke`, { reason })
export const confirmRevocation = (one: Device) => command<Device>(`/api/devices/${one.id}/revoke/confirm`)
export const refuseRevocation = (one: Device) => command<Device>(`/api/devices/${one.id}/revoke/refuse`)

export type Fork = Schemas['ForkView']
export const readForks = (id: string) => ask<Fork[]>(`/api/devices/${id}/forks`)

/** The refused statement and its signature as they came, for an expert. */
export const forkFile = (fork: Fork): string =>
  `data:application/json,${encodeURIComponent(
    JSON.stringify({ statement: fork.statement, signature: fork.signature }, null, 1),
  )}`

export type DeviceAct = 'confirm' | 'ask' | 'end' | 'keep'

/** What this person may do now; the server asks the same. Nobody is the second person to himself. */
export function actsOn(one: Device, mayConfirm: boolean, me = session.value?.person.id): DeviceAct[] {
  if (one.state === 'revoked') return []
  if (one.state === 'revocation_asked')
    return mayConfirm && one.revocation_asked_by?.id !== me ? ['end', 'keep'] : []
  return mayConfirm && one.state === 'unconfirmed' && one.person.id !== me ? ['confirm', 'ask'] : ['ask']
}
