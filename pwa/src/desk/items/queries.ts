/** Supervised items and the places they concern. */
import { ask } from '../access/session'
import type { Page } from '../kit/list'

export interface Named {
  id: string
  name: string
}
export interface Item {
  id: string
  register_no: string
  title: string
  state: string
  source_kind: string
  source_ref: string
  category: string
  urgency: string
  immediate: boolean
  handling_unit: Named | null
  follow_up: Named | null
  due_at: string | null
  received_at: string
  registered_by: Named
  created_at: string
  same_source: { id: string; register_no: string; title: string }[]
  version: number
}
export interface ItemSite {
  id: string
  item_id: string
  name: string
  address: string
  kind: string
  lat_e7: number | null
  lon_e7: number | null
  radius_m: number
  responsible_unit: Named | null
}
export interface Unit {
  id: string
  parent_id: string | null
  name: string
  kind: string
}
export interface RegisterItem {
  id: string
  title: string
  source_kind: string
  source_ref: string
  category: string
  urgency: string
  handling_unit_id: string | null
  due_at: string | null
}
export interface RecordSite {
  id: string
  item_id: string
  name: string
  address: string
  kind: string
  lat_e7: number | null
  lon_e7: number | null
  radius_m: number
}

export async function readItemsPage(
  filter: { state: string; q: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Item>> {
  const query = new URLSearchParams()
  if (filter.state) query.set('state', filter.state)
  if (filter.q) query.set('q', filter.q)
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ items: Item[]; next_cursor: string | null }>(`/api/items?${query}`, { signal })
  return { rows: page.items, next: page.next_cursor }
}
export const readItem = (id: string, signal?: AbortSignal) => ask<Item>(`/api/items/${id}`, { signal })
export const registerItem = (item: RegisterItem) => ask<Item>('/api/items', { json: item })
export const readUnits = (): Promise<Unit[]> => ask<Unit[]>('/api/units')

export async function readSites(itemId: string, signal?: AbortSignal): Promise<ItemSite[]> {
  return (await ask<{ sites: ItemSite[] }>(`/api/sites?item_id=${itemId}`, { signal })).sites
}
export const recordSite = (site: RecordSite) => ask<ItemSite>('/api/sites', { json: site })

/** For menus: the newest items. */
export async function readItemChoices(): Promise<Named[]> {
  const { rows } = await readItemsPage({ state: '', q: '' }, null)
  return rows.map((item) => ({ id: item.id, name: `${item.register_no} ${item.title}` }))
}
