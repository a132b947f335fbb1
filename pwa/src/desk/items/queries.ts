/** Supervised items and the places they concern. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Named = Schemas['NamedView']
export type Item = Schemas['ItemView']
export type ItemSite = Schemas['SiteView']
export type Unit = Schemas['UnitView']
export type RegisterItem = Schemas['RegisterItem']
export type RecordSite = Schemas['RecordSite']

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
export const readItem = (id: string, signal?: AbortSignal) =>
  ask<Schemas['ItemDetailView']>(`/api/items/${id}`, { signal })
export const registerItem = (item: RegisterItem) =>
  ask<Schemas['ItemDetailView']>('/api/items', { json: item })
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
