/** Meaning for each state of evidence: word, icon and tone together, never colour alone. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import type { Decision, Evidence } from './queries'
import { received } from './queries'
import { t } from './words'

export const DECISIONS: Record<Decision, { tone: Tone; icon: IconName }> = {
  pending: { tone: 'neutral', icon: 'clock' },
  accepted: { tone: 'good', icon: 'check' },
  queried: { tone: 'warn', icon: 'comment' },
  rejected: { tone: 'bad', icon: 'close' },
}

export const decisionLook = (decision: string) => DECISIONS[decision as Decision] ?? DECISIONS.pending

export interface Verdict {
  tone: 'good' | 'warn' | 'bad'
  text: string
}

export function digestVerdict(evidence: Evidence): Verdict {
  const n = received(evidence)
  const m = evidence.originals.length
  if (evidence.originals.some((original) => original.state === 'unreadable'))
    return { tone: 'bad', text: t('proof.digest_unreadable') }
  return n < m
    ? { tone: 'warn', text: t('proof.digest_awaited', { n, m }) }
    : { tone: 'good', text: t('proof.digest_ok') }
}

export function chainVerdict({ chain }: Pick<Evidence, 'chain'>): Verdict {
  if (!chain.signature_ok) return { tone: 'bad', text: t('proof.signature_bad') }
  if (!chain.prev_ok) return { tone: 'bad', text: t('proof.chain_bad', { seq: chain.seq }) }
  return { tone: 'good', text: t('proof.chain_ok', { seq: chain.seq }) }
}

export function lengthText(metres: number): string {
  if (metres < 1000) return t('where.metres', { n: Math.round(metres) })
  return t('where.kilometres', { n: (metres / 1000).toFixed(metres < 10_000 ? 1 : 0) })
}

/** How far the phone was from the middle of the site, and whether that is within it; empty without a position. */
export function distanceText({ distance_m, site }: Pick<Evidence, 'distance_m' | 'site'>): string {
  if (distance_m === null) return ''
  const text = lengthText(distance_m)
  if (!site) return t('where.away', { text })
  return distance_m <= site.radius_m ? t('where.inside', { text }) : t('where.outside', { text })
}

export function coordinatesText({ position }: Pick<Evidence, 'position'>): string {
  return position ? `${(position.lat_e7 / 1e7).toFixed(6)}, ${(position.lon_e7 / 1e7).toFixed(6)}` : ''
}
