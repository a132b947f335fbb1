/**
 * Lists that are read page by page, newest first, and grow at the head while somebody reads them.
 * Pure: rows in, rows out. A row that no longer fits the filter stays where it is until the list is read anew,
 * because a list that moves under the hand is worse than one that is a moment old.
 */
export interface Row {
  id: string
}

export interface HeadMerge<T> {
  /** The list with known rows renewed in place and nothing added. */
  renewed: T[]
  /** The list with the new rows in the places the server gave them. */
  merged: T[]
  /** The new rows alone, in the server's order. */
  fresh: T[]
  /** Nothing of the page was known: more arrived than one page holds, so rows are missing in between. */
  gap: boolean
}

export function mergeHead<T extends Row>(known: readonly T[], page: readonly T[]): HeadMerge<T> {
  const byId = new Map(page.map((row) => [row.id, row]))
  const renewed = known.map((row) => byId.get(row.id) ?? row)
  const knownIds = new Set(known.map((row) => row.id))
  const fresh = page.filter((row) => !knownIds.has(row.id))
  const gap = page.length > 0 && known.length > 0 && fresh.length === page.length
  if (fresh.length === 0) return { renewed, merged: renewed, fresh, gap: false }

  // A new row goes in front of the next row that both know; what follows the last common row goes behind it.
  const before = new Map<string, T[]>()
  let run: T[] = []
  let lastCommon: string | null = null
  for (const row of page) {
    if (!knownIds.has(row.id)) {
      run.push(row)
      continue
    }
    if (run.length > 0) before.set(row.id, run)
    run = []
    lastCommon = row.id
  }
  const merged: T[] = lastCommon === null ? [...run] : []
  for (const row of renewed) {
    merged.push(...(before.get(row.id) ?? []), row)
    if (row.id === lastCommon) merged.push(...run)
  }
  return { renewed, merged, fresh, gap }
}

/** The next page; a row that slid down between the two reads is not shown twice. */
export function appendPage<T extends Row>(known: readonly T[], page: readonly T[]): T[] {
  const ids = new Set(known.map((row) => row.id))
  return [...known, ...page.filter((row) => !ids.has(row.id))]
}

/** One row read anew; the list itself when the row is not in it. */
export function replaceRow<T extends Row>(known: readonly T[], row: T): readonly T[] {
  const at = known.findIndex((other) => other.id === row.id)
  return at < 0 ? known : [...known.slice(0, at), row, ...known.slice(at + 1)]
}
