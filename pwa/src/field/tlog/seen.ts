/** What this phone has seen of the log: whose key it trusts since the first time, and the newest checkpoint it checked. */
import type { Anchor } from '../access/session'
import { getValue, setValue } from '../db/db'
import type { AnchorFacts } from '../evidence/statement'

export interface SeenCheckpoint {
  size: number
  /** base64url. */
  root: string
  /** base64url SHA-256 of the signed body: how statements name it. */
  cp: string
  /** The whole signed note: the proof in hand, should the log later say something else. */
  note: string
}

export interface Seen {
  /** Verifier keys, oldest first; the last one signs now. */
  keys: readonly string[]
  checkpoint: SeenCheckpoint | null
  /** When the log was last found consistent; 0: never. */
  checked_at: number
  /** When to ask for what was promised; 0: with the next run. */
  ask_at: number
  tries: number
}

const NOTHING: Seen = { keys: [], checkpoint: null, checked_at: 0, ask_at: 0, tries: 0 }

export const seenLog = async (): Promise<Seen> => (await getValue<Seen>('log')) ?? NOTHING

export async function noteSeen(change: Partial<Seen>): Promise<Seen> {
  const next = { ...(await seenLog()), ...change }
  await setValue('log', next)
  return next
}

/** What a capture is bound to: no later checkpoint can have been seen before it, no earlier one replaces it. */
export async function anchorNow(): Promise<AnchorFacts | null> {
  const [time, seen] = await Promise.all([getValue<Anchor>('anchor'), seenLog()])
  if (!time) return null
  return {
    cp: seen.checkpoint?.cp ?? null,
    size: seen.checkpoint?.size ?? 0,
    srv_ms: time.srv_ms,
    mono_ms: time.mono_ms,
  }
}
