/** Which sources come first in the menu, and which category usually goes with one. */
import type { RegisterItem } from './queries'

type Source = RegisterItem['source_kind']
type Category = RegisterItem['category']
const KEPT = 'zhicha.sources'
const SHOWN = 4

const USUAL: Partial<Record<Source, Category>> = {
  HIGHER_DEPLOYMENT: 'DECISION',
  WORK_REPORT: 'DECISION',
  ECONOMIC_CONFERENCE: 'DECISION',
  PLENARY_MEETING: 'DECISION',
  EXECUTIVE_MEETING: 'DECISION',
  OFFICE_MEETING: 'DECISION',
  ISSUED_DOCUMENT: 'DECISION',
  TARGET_ASSESSMENT: 'DECISION',
  SPECIAL_MEETING: 'COORDINATION',
  NPC_CPPCC_PROPOSAL: 'COORDINATION',
  CROSS_DIVISION: 'COORDINATION',
}
export const usualCategory = (source: Source): Category => USUAL[source] ?? 'SPECIAL'

/** The sources used lately on this machine, the last one first. */
export function recentSources(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]')
    if (Array.isArray(kept)) return kept.filter((one) => typeof one === 'string').slice(0, SHOWN)
  } catch {
    // Storage that cannot be read only costs the shortcut.
  }
  return []
}
export function rememberSource(source: Source): void {
  const others = recentSources().filter((one) => one !== source)
  try {
    localStorage.setItem(KEPT, JSON.stringify([source, ...others].slice(0, SHOWN)))
  } catch {
    // As above.
  }
}
