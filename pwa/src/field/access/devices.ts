/** One's own phones, as the office knows them; the last answer is kept for when there is no network. */
import type { DeviceView } from '@shared/api/contract'
import { request } from '@shared/kit/api'
import { getValue, setValue } from '../db/db'

export const keptDevices = async (): Promise<readonly DeviceView[] | null> =>
  (await getValue<readonly DeviceView[]>('devices')) ?? null

export async function loadDevices(): Promise<readonly DeviceView[]> {
  const devices = await request<readonly DeviceView[]>('/api/devices')
  await setValue('devices', devices)
  return devices
}

export const reportLost = (id: string, reason: string): Promise<DeviceView> =>
  request<DeviceView>(`/api/devices/${id}/revoke`, { json: { reason } })
