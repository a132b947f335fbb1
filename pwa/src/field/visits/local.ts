/** Reads of visits from this phone. */
import { dayKey } from '@shared/kit/clock'
import { db } from '../db/db'
import type { CaptureRow, ItemRow, SiteRow, VisitRow } from '../db/rows'
import { effectiveState, isOpen, type VisitAct } from './lifecycle'

export interface VisitCard {
  visit: VisitRow
  site: SiteRow | null
  state: VisitRow['state']
  received: number
  total: number
  findings: number
}

/** Originals the server confirmed, of all the captures known here. */
export function progress(
  captures: readonly CaptureRow[],
  receipts: ReadonlySet<string>,
): { received: number; total: number } {
  let received = 0
  let total = 0
  for (const capture of captures) {
    total += capture.server?.originals.total ?? 1
    received += Math.max(
      capture.server?.originals.received ?? 0,
      receipts.has(`${capture.id}:original`) ? 1 : 0,
    )
  }
  return { received, total }
}

async function waitingActs(): Promise<Map<string, VisitAct[]>> {
  const acts = new Map<string, VisitAct[]>()
  for (const { operation, state } of await db.outbox.where('chain').startsWith('visit:').sortBy('n')) {
    if (state === 'attention' || !('visit_id' in operation) || operation.kind === 'finding.record') continue
    const kept = acts.get(operation.visit_id) ?? []
    kept.push(operation.kind)
    acts.set(operation.visit_id, kept)
  }
  return acts
}

export async function visitCards(): Promise<VisitCard[]> {
  const [visits, captures, findings, receiptKeys, acts] = await Promise.all([
    db.visits.toArray(),
    db.captures.toArray(),
    db.findings.toArray(),
    db.receipts.toCollection().primaryKeys(),
    waitingActs(),
  ])
  const sites = new Map((await db.sites.toArray()).map((site) => [site.id, site]))
  const receipts = new Set(receiptKeys)
  return visits
    .map((visit) => ({
      visit,
      site: visit.site_id ? (sites.get(visit.site_id) ?? null) : null,
      state: effectiveState(visit.state, acts.get(visit.id) ?? []),
      ...progress(
        captures.filter((capture) => capture.visit_id === visit.id),
        receipts,
      ),
      findings: findings.filter((finding) => finding.visit_id === visit.id).length,
    }))
    .sort((a, b) =>
      (a.visit.starts_at ?? a.visit.planned_for).localeCompare(b.visit.starts_at ?? b.visit.planned_for),
    )
}

export interface VisitDetail {
  visit: VisitRow
  state: VisitRow['state']
  site: SiteRow | null
  item: ItemRow | null
}

export async function visitDetail(id: string): Promise<VisitDetail | null> {
  const visit = await db.visits.get(id)
  if (!visit) return null
  const [site, item, acts] = await Promise.all([
    visit.site_id ? db.sites.get(visit.site_id) : undefined,
    db.items.get(visit.item_id),
    waitingActs(),
  ])
  return {
    visit,
    state: effectiveState(visit.state, acts.get(visit.id) ?? []),
    site: site ?? null,
    item: item ?? null,
  }
}

const day = (card: VisitCard) => dayKey(card.visit.planned_for)

/** Today: planned for today, or still open from before. */
export function splitByDay(
  cards: readonly VisitCard[],
  now: number,
): { today: VisitCard[]; later: VisitCard[]; earlier: VisitCard[] } {
  const today = dayKey(now)
  const isToday = (card: VisitCard) => day(card) === today || (day(card) < today && isOpen(card.state))
  return {
    today: cards.filter(isToday),
    later: cards.filter((card) => day(card) > today),
    earlier: cards.filter((card) => day(card) < today && !isOpen(card.state)).reverse(),
  }
}

/** The visit the capture button means: the one on site, else the only open one of today. */
export function visitToCapture(cards: readonly VisitCard[], now: number): VisitCard | null {
  const open = splitByDay(cards, now).today.filter((card) => isOpen(card.state))
  const onSite = open.filter((card) => card.state === 'ON_SITE' || card.state === 'CONVERTED')
  if (onSite.length === 1) return onSite[0] ?? null
  return open.length === 1 ? (open[0] ?? null) : null
}
