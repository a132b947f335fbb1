/** From an error to a sentence: the desk's own words for a code first, then the server's sentence in the reader's language. */
import type { Problem } from '@shared/api/contract'
import { Refused } from '@shared/kit/api'
import { locale } from '@shared/kit/i18n'
import { sentenceFor } from '@shared/kit/problems'
import { t } from '../app/words'

type Told = Problem & { title_zh?: string }

export function sentenceOf(error: unknown): string {
  if (!(error instanceof Refused)) return sentenceFor(error)
  const problem: Told = error.problem
  const plain: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(problem.params ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') plain[name] = value
  }
  const own = t.maybe(`problem.${problem.code}`, plain)
  const told = locale.value === 'zh' ? problem.title_zh : problem.title
  return own ?? told ?? sentenceFor(error)
}

/** What the server says about single fields, by the field's name. */
export function fieldProblems(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  if (!(error instanceof Refused)) return found
  for (const one of error.problem.errors ?? []) {
    found[one.field] =
      t.maybe(`field.${one.code}`) ?? (locale.value === 'en' ? one.detail : t('field.invalid'))
  }
  return found
}
