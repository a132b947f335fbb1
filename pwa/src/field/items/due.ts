import { wallMs } from '@shared/kit/clock'
import type { Tone } from '@shared/kit/ui/tones'
import { t } from '../words/pages'

const DAY_MS = 86_400_000

/** Time left in words, with its tone. */
export function timeLeft(dueAt: string, now: number = wallMs()): { tone: Tone; words: string } {
  const days = Math.ceil((Date.parse(dueAt) - now) / DAY_MS)
  if (days < 0) return { tone: 'bad', words: t('items.overdue', { n: -days }) }
  if (days === 0) return { tone: 'bad', words: t('items.due_today') }
  return { tone: days <= 3 ? 'warn' : 'neutral', words: t('items.days_left', { n: days }) }
}
