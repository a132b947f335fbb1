/** How long a slip has waited for a signature, in whole hours or days. */
import { t } from './words'

export function waitedText(since: string, now: number): string {
  const hours = Math.floor((now - Date.parse(since)) / 3_600_000)
  if (hours < 1) return t('waited.now')
  return hours < 24 ? t('waited.hours', { n: hours }) : t('waited.days', { n: Math.floor(hours / 24) })
}
