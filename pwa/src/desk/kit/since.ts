/** How long ago, for people: what is younger than a minute, or ahead of this machine's clock by less, is «just now». */
import { locale } from '@shared/kit/i18n'
import { t } from '../app/words'

// Making a formatter costs a hundred times its use, and a list shows one time in each of its rows.
const formats = {
  zh: new Intl.RelativeTimeFormat('zh-CN', { numeric: 'auto' }),
  en: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
}
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

export function sinceText(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000)
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return formats[locale.value].format(Math.round(seconds / size), unit)
  }
  return t('since.now')
}
