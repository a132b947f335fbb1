/** Days that follow each other and change in the same way, as one span. */
import type { Preview } from './queries'

export interface Span {
  first: string
  last: string
  worked: boolean
}

const after = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

export function spansOf(differences: Preview['differences']): Span[] {
  const spans: Span[] = []
  for (const one of differences) {
    const open = spans.at(-1)
    if (open && open.worked === one.worked_after && after(open.last) === one.day) open.last = one.day
    else spans.push({ first: one.day, last: one.day, worked: one.worked_after })
  }
  return spans
}
