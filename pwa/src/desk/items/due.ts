/** Time left as words and tone. Computed, never stored; a finished item has no time left to speak of. */
import type { Tone } from '@shared/kit/ui/tones'
import { t } from './words'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const SETTLED = new Set([
  'CLOSED',
  'REPORTED_BACK',
  'CANCELLED_FROM_LEDGER',
  'ARCHIVED',
  'NOT_ESTABLISHED',
  'TERMINATED',
  'MERGED',
])

export function dueWords(
  dueAt: string | null,
  state: string,
  now: number,
): { text: string; tone: Tone } | null {
  if (!dueAt || SETTLED.has(state)) return null
  const left = Date.parse(dueAt) - now
  const size = Math.abs(left)
  const days = Math.floor(size / DAY)
  const hours = Math.max(1, Math.floor(size / HOUR))
  if (left < 0) {
    return {
      tone: 'bad',
      text: days > 0 ? t('due.over_days', { n: days }) : t('due.over_hours', { n: hours }),
    }
  }
  if (days === 0) return { tone: 'warn', text: t('due.hours', { n: hours }) }
  return { tone: days < 3 ? 'warn' : 'neutral', text: t('due.days', { n: days }) }
}
