/** An item's time: limit, extensions, written reports, suspensions. */
import type { components } from '@shared/api/schema'
import { ask } from '../../access/session'
import { command } from '../../kit/command'

type Schemas = components['schemas']
export type Time = Schemas['TimeView']
export type Extension = Schemas['ExtensionView']
export type Suspension = Schemas['SuspensionView']
export type LimitUnit = Schemas['LimitUnit']
export interface Later {
  until?: string
  n?: number
  unit?: LimitUnit
}

export const readTime = (itemId: string, signal?: AbortSignal) =>
  ask<Time>(`/api/items/${itemId}/time`, { signal })

const versioned = (time: Time) => ({ 'If-Match': `"${time.version}"` })

/** These carry an id minted by the form, so that sending them twice is harmless. */
export const requestExtension = (
  time: Time,
  body: { id: string; reason: string; progress: string } & Later,
) =>
  ask<Time>(`/api/items/${time.item_id}/extensions`, {
    method: 'POST',
    json: body,
    headers: versioned(time),
  })
export const fileWrittenReport = (
  time: Time,
  body: { id: string; reason: string; progress: string; expected_on: string | null },
) =>
  ask<Time>(`/api/items/${time.item_id}/written-reports`, {
    method: 'POST',
    json: body,
    headers: versioned(time),
  })
export const suspend = (time: Time, body: { id: string; obstacle: string; review_on: string }) =>
  ask<Time>(`/api/items/${time.item_id}/suspend`, { method: 'POST', json: body, headers: versioned(time) })

export const grantExtension = (time: Time, one: Extension, opinion: string, later: Later) =>
  command<Time>(`/api/extensions/${one.id}/grant`, { opinion, ...later }, time.version)
export const refuseExtension = (time: Time, one: Extension, opinion: string) =>
  command<Time>(`/api/extensions/${one.id}/refuse`, { opinion }, time.version)
export const withdrawExtension = (time: Time, one: Extension) =>
  command<Time>(`/api/extensions/${one.id}/withdraw`, undefined, time.version)
export const resume = (time: Time, note: string) =>
  command<Time>(`/api/items/${time.item_id}/resume`, { note }, time.version)
export const terminate = (time: Time, reason: string) =>
  command<Time>(`/api/items/${time.item_id}/terminate`, { reason }, time.version)
