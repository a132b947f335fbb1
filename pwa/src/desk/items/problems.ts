/** A refusal as this part of the desk tells it: one sentence, and a sentence for each field by its last name. */
import { Refused } from '@shared/kit/api'
import { locale } from '@shared/kit/i18n'
import { fieldProblems, sentenceOf } from '../kit/sentence'
import { t } from './process.words'

export interface Problems {
  code: string
  sentence: string
  fields: Record<string, string>
}

export function problemsOf(error: unknown): Problems {
  const told = fieldProblems(error)
  const fields: Record<string, string> = {}
  if (error instanceof Refused) {
    for (const one of error.problem.errors ?? []) {
      const name = one.field.replace(/^instruction\./, '')
      const own = t.maybe(`problem.${one.code}`)
      fields[name] = own ?? (locale.value === 'en' ? one.detail : (told[one.field] ?? one.detail))
    }
  }
  return { code: error instanceof Refused ? error.code : '', sentence: sentenceOf(error), fields }
}
