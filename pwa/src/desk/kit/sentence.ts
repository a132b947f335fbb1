/** From an error to a sentence: the desk's own words for a code, then those of both faces, then the server's own sentence. */
import { Refused } from '@shared/kit/api'
import { locale } from '@shared/kit/i18n'
import { sentenceFor } from '@shared/kit/problems'
import { t } from '../app/words'

export function sentenceOf(error: unknown): string {
  if (!(error instanceof Refused)) return sentenceFor(error)
  const { problem } = error
  const plain: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(problem.params ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') plain[name] = value
  }
  return t.maybe(`problem.${problem.code}`, plain) ?? sentenceFor(error)
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
