/** How a meeting is named: 2026年第 9 次常务会议, or by its own title. */
import { locale } from '@shared/kit/i18n'
import type { MeetingRow } from './queries'
import { t } from './words'

export function nameOf(one: Pick<MeetingRow, 'kind' | 'year' | 'no' | 'title'>): string {
  if (one.no === null) return one.title
  const kind = t.maybe(`kind.${one.kind}`) ?? one.kind
  const named =
    locale.value === 'en'
      ? `${kind} ${t('number', { no: one.no })}, ${one.year}`
      : `${t('year', { year: one.year })}${t('number', { no: one.no })}${kind}`
  return one.title ? `${named} · ${one.title}` : named
}
