/** The tray: what was received and is not in the register yet. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import { command } from '../kit/command'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Matter = Schemas['MatterView']
export type ReceiveMatter = Schemas['ReceiveMatter']
export type RegisterItem = Schemas['RegisterItem']
export interface MatterPage extends Page<Matter> {
  hours: number
}

export async function readMattersPage(
  settled: boolean,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<MatterPage> {
  const query = new URLSearchParams()
  if (settled) query.set('where', 'SETTLED')
  if (cursor) query.set('cursor', cursor)
  const page = await ask<Schemas['MatterList']>(`/api/intake?${query}`, { signal })
  return { rows: page.matters, next: page.next_cursor, hours: page.within_hours }
}
export const readMatter = (id: string, signal?: AbortSignal) => ask<Matter>(`/api/intake/${id}`, { signal })
export const receiveMatter = (matter: ReceiveMatter) => ask<Matter>('/api/intake', { json: matter })
export const registerMatter = (one: Matter, item: RegisterItem, difference: string) =>
  ask<Matter>(`/api/intake/${one.id}/register`, {
    method: 'POST',
    json: { item, difference_reason: difference },
    headers: { 'If-Match': `"${one.version}"` },
  })
export const settleMatter = (one: Matter, act: 'return' | 'decline', reason: string, lateReason: string) =>
  command<Matter>(`/api/intake/${one.id}/${act}`, { reason, late_reason: lateReason }, one.version)
export const setIntakeHours = (hours: number) =>
  ask<{ hours: number }>('/api/items/intake', { method: 'PUT', json: { hours } })
