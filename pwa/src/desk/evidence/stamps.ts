/** Time stamps from outside, as whoever is about to judge sees them: whether one came before, or is on its way. */
import type { components } from '@shared/api/schema'
import { dayKey, formatDateTime, formatTime, wallMs } from '@shared/kit/clock'
import type { IconName } from '@shared/kit/ui/icons'
import { ask } from '../access/session'
import { t } from './words'

type Schemas = components['schemas']
export type Stamp = Schemas['StampView']
export type Way = NonNullable<Schemas['OpenCapture']['way']>

/** Taking a capture up for review: an act of whoever does it, and the reason to have it stamped before the decision. */
export const takeUp = (id: string, way: Way): Promise<Schemas['OpeningView']> =>
  ask<Schemas['OpeningView']>(`/api/evidence/${id}/openings`, { json: { way } })

const MOST = 100
export async function readStamps(ids: readonly string[]): Promise<Stamp[]> {
  const query = new URLSearchParams(ids.slice(0, MOST).map((id) => ['capture_id', id]))
  return (await ask<Schemas['StampList']>(`/api/evidence/stamps?${query}`)).stamps
}

/** The quiet line before a decision; empty where nobody outside is asked for stamps. */
export function stampText({ state, at }: Pick<Stamp, 'state' | 'at'>): string {
  if (state === 'none') return ''
  if (state !== 'stamped' || !at) return t(state === 'away' ? 'stamp.away' : 'stamp.asked')
  const today = dayKey(at) === dayKey(wallMs())
  return t('stamp.stamped', { at: today ? formatTime(at) : formatDateTime(at) })
}

export const STAMP_ICON: Record<Stamp['state'], IconName> = {
  none: 'info',
  asked: 'clock',
  away: 'info',
  stamped: 'checkCircle',
}

/** The same of several that are to be judged together: of what is not stamped yet, how many, or that nobody answers. */
export function stampsText(stamps: readonly Stamp[]): string {
  const open = stamps.filter(({ state }) => state === 'asked' || state === 'away')
  if (open.some(({ state }) => state === 'away')) return t('stamp.away')
  if (open.length > 0) return t('stamp.asked_of', { n: open.length })
  return stamps.some(({ state }) => state === 'stamped') ? t('stamp.all') : ''
}
