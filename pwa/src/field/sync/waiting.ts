/** The waiting things as a person would name them: one line per photo, finding or act, not one per transfer. */
import type { Cause, Label, OutboxRow, UploadRow } from '../db/rows'
import type { Recall } from './recall'

export type Part = 'record' | 'preview' | 'original'

export interface WaitingThing {
  key: string
  label: Label
  parts: Part[]
  /** Bytes of the original, and how many of them the server has. */
  bytes: number
  sent: number
  attention: boolean
  cause: Cause | null
  next_at: number
}

export function waitingThings(outbox: readonly OutboxRow[], uploads: readonly UploadRow[]): WaitingThing[] {
  const things = new Map<string, WaitingThing>()
  const thing = (key: string, label: Label): WaitingThing => {
    let found = things.get(key)
    if (!found) {
      found = { key, label, parts: [], bytes: 0, sent: 0, attention: false, cause: null, next_at: 0 }
      things.set(key, found)
    }
    return found
  }
  const note = (found: WaitingThing, row: OutboxRow | UploadRow) => {
    // What needs a person outweighs what will heal by itself.
    const worse = row.state === 'attention' && !found.attention
    if (row.cause && (!found.cause || worse)) found.cause = row.cause
    found.attention ||= row.state === 'attention'
    found.next_at = Math.max(found.next_at, row.next_at)
  }
  for (const row of outbox) {
    const found = thing(row.id, row.label)
    found.parts.push('record')
    note(found, row)
  }
  for (const row of uploads) {
    const found = thing(row.capture_id, row.label)
    if (row.role === 'original') {
      found.label = row.label
      found.bytes = row.bytes
      found.sent = row.offset
    } else if (found.label.kind === 'preview' && found.label.subject === '')
      found.label = { ...row.label, kind: 'capture' }
    found.parts.push(row.role)
    note(found, row)
  }
  return [...things.values()].sort(
    (a, b) => Number(b.attention) - Number(a.attention) || a.label.at - b.label.at,
  )
}

/** Nothing is left to send, and as far as this phone knows the server has all that it ever took. */
export const isSettled = (things: readonly WaitingThing[], recall: Recall): boolean =>
  things.length === 0 && !recall.pending && recall.unsendable === 0

export interface WaitingCounts {
  captures: number
  originalsOnly: number
  others: number
  attention: number
}

export function countWaiting(things: readonly WaitingThing[]): WaitingCounts {
  const counts: WaitingCounts = { captures: 0, originalsOnly: 0, others: 0, attention: 0 }
  for (const { label, parts, attention } of things) {
    if (attention) counts.attention += 1
    if (label.kind === 'capture' || label.kind === 'preview') {
      counts.captures += 1
      if (parts.every((part) => part === 'original')) counts.originalsOnly += 1
    } else counts.others += 1
  }
  return counts
}
