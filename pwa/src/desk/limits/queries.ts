/** Lists about time: what is overdue, which requests wait, whose clock stands still, what was registered late. */
import type { components } from '@shared/api/schema'
import { ask } from '../access/session'
import type { Page } from '../kit/list'

type Schemas = components['schemas']
export type Timed = Schemas['TimedItemView']
export type Tab = 'overdue' | 'extensions' | 'suspensions' | 'late'

/** One line of any of the lists; `item` is what it leads to. */
export interface Row {
  id: string
  item: string
  no: string
  title: string
  unit: string
  timed: Timed | null
  extension: Schemas['ExtensionView'] | null
  mine: boolean
  suspension: Schemas['SuspensionView'] | null
  reviewDue: boolean
  late: Schemas['LateItemView'] | null
}
const blank = { timed: null, extension: null, mine: false, suspension: null, reviewDue: false, late: null }
const ofItem = (one: Timed) => ({
  ...blank,
  id: one.id,
  item: one.id,
  no: one.register_no,
  title: one.title,
  unit: one.unit?.name ?? '',
  timed: one,
})

export async function readLimitsPage(
  filter: { tab: Tab; kind: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Row>> {
  const query = new URLSearchParams()
  if (cursor) query.set('cursor', cursor)
  if (filter.tab === 'overdue') {
    if (filter.kind) query.set('kind', filter.kind)
    const page = await ask<Schemas['OverdueList']>(`/api/overdue-items?${query}`, { signal })
    return { rows: page.items.map(ofItem), next: page.next_cursor }
  }
  if (filter.tab === 'extensions') {
    const page = await ask<Schemas['PendingExtensionList']>(`/api/extensions?${query}`, { signal })
    const rows = page.extensions.map((one) => ({
      ...ofItem(one.item),
      id: one.extension.id,
      extension: one.extension,
      mine: one.mine,
    }))
    return { rows, next: page.next_cursor }
  }
  if (filter.tab === 'suspensions') {
    const page = await ask<Schemas['StandingList']>(`/api/suspensions?${query}`, { signal })
    const rows = page.standing.map((one) => ({
      ...ofItem(one.item),
      id: one.suspension.id,
      suspension: one.suspension,
      reviewDue: one.review_due,
    }))
    return { rows, next: page.next_cursor }
  }
  const page = await ask<Schemas['LateItemList']>(`/api/items/late?${query}`, { signal })
  const rows = page.items.map((one) => ({
    ...blank,
    id: one.id,
    item: one.id,
    no: one.register_no ?? '',
    title: one.title,
    unit: one.registered_by.name,
    late: one,
  }))
  return { rows, next: page.next_cursor }
}
