/** How long ago, for people: what is younger than a minute, or ahead of this machine's clock by less, is «just now». */
import { formatRelative } from '@shared/kit/clock'
import { t } from '../app/words'

export function sinceText(at: string, now: number): string {
  const ahead = Date.parse(at) - now
  return Math.abs(ahead) < 60_000 ? t('since.now') : formatRelative(at, now)
}
