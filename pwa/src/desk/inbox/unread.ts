/** How many notices wait, for the rail. Counted on the first page only: more than that is «many». */
import { shallowRef } from 'vue'
import { readInboxPage } from './queries'

export const unread = shallowRef(0)

export async function countUnread(): Promise<void> {
  try {
    unread.value = (await readInboxPage(null)).rows.filter((notice) => notice.read_at === null).length
  } catch {
    // The number is a convenience; the inbox itself says what went wrong.
  }
}
