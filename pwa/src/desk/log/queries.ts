/** The state of the public log: what is in it, what waits, who vouches for it from outside, and alarms of phones. */
import type { components } from '@shared/api/schema'
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'

type Schemas = components['schemas']
export type LogState = Schemas['LogStateView']
export type LogAlarm = Schemas['LogAlarmView']
export type Authority = Schemas['AuthorityView']
export type Witness = Schemas['WitnessView']

export const readLogState = (signal?: AbortSignal): Promise<LogState> =>
  ask<LogState>('/api/log/state', { signal })

export const readAlarms = async (signal?: AbortSignal): Promise<LogAlarm[]> =>
  (await ask<Schemas['LogAlarmList']>('/api/log/alarms?limit=50', { signal })).alarms

/** Have everything recorded so far stamped from outside, now. */
export const askStamp = (): Promise<null> => ask<null>('/api/log/anchors', { json: { id: newId() } })
