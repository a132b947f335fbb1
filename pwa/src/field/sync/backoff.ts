/** When to try again: doubling from 2 s to 5 min with jitter, so that a hundred phones do not return in step. */
const FIRST_MS = 2_000
const LAST_MS = 300_000

/** `random` in [0, 1). Half of the delay is fixed, half is drawn. */
export function retryDelay(tries: number, random: () => number = Math.random): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(Math.max(tries - 1, 0), 20))
  return Math.round(full / 2 + (random() * full) / 2)
}

const LONGEST_WAIT_MS = 3_600_000

/**
 * Whether a planned try lies ahead. One further away than any wait we plan was set by a clock that has been put right
 * since: nothing must wait for a year that this phone only dreamt of.
 */
export const liesAhead = (at: number, now: number): boolean => at > now && at - now <= LONGEST_WAIT_MS
