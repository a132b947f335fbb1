/**
 * What other words have waiting for a person, listed below the items. A word adds one entry: who may see it, and how
 * to read its rows, each of which leads to a page of that word.
 */
import type { RouteLocationRaw } from 'vue-router'
import { canAny, type Permission } from '../access/session'

export interface OtherRow {
  id: string
  /** What is to be done: «待签收». */
  what: string
  title: string
  since: string
  to: RouteLocationRaw
}
export interface OtherWord {
  name: string
  /** Kinds of hints after which it is read again. */
  kinds: readonly string[]
  permission: Permission | readonly Permission[]
  read(signal?: AbortSignal): Promise<readonly OtherRow[]>
}

export const others: readonly OtherWord[] = []

/** The rows of all words that this person may see; a word that cannot be read leaves the others in place. */
export async function readOthers(signal?: AbortSignal): Promise<OtherRow[]> {
  const open = others.filter((word) => canAny(word.permission))
  const read = await Promise.allSettled(open.map((word) => word.read(signal)))
  return read.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : []))
}
