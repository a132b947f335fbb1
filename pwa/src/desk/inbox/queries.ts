/** One's own notices. */
import type { NoticeField } from '@shared/api/contract'
import { ask } from '../access/session'
import type { Page } from '../kit/list'

export async function readInboxPage(cursor: string | null, signal?: AbortSignal): Promise<Page<NoticeField>> {
  const query = new URLSearchParams()
  if (cursor) query.set('cursor', cursor)
  const page = await ask<{ notices: NoticeField[]; next_cursor: string | null }>(`/api/inbox?${query}`, {
    signal,
  })
  return { rows: page.notices, next: page.next_cursor }
}
export const markRead = (id: string) => ask<unknown>(`/api/inbox/${id}/read`, { method: 'POST' })
