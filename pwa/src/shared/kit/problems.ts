/** From an error to a sentence a person can act on: by the problem's code first, by its status otherwise. */
import type { Problem } from '@shared/api/contract'
import { Refused, Unreachable } from './api'
import { locale } from './i18n'
import { kitWords } from './words'

export function sentenceForCode(code: string, params: Record<string, unknown> = {}): string | null {
  const plain: Record<string, string | number> = {}
  for (const [key, value] of Object.entries(params)) {
    if (typeof value === 'string' || typeof value === 'number') plain[key] = value
  }
  const byCode = kitWords.maybe(`problem.${code}`, plain)
  if (byCode) return byCode
  const status = /^http_(\d{3})$/.exec(code)?.[1]
  return status
    ? kitWords(status.startsWith('5') ? 'problem.status_5' : 'problem.status_4', { status })
    : null
}

export function sentenceFor(error: unknown): string {
  if (error instanceof Refused) {
    return (
      sentenceForCode(error.code, error.problem.params) ??
      (locale.value === 'zh' ? error.problem.title_zh : error.problem.detail) ??
      kitWords(error.status >= 500 ? 'problem.status_5' : 'problem.status_4', { status: error.status })
    )
  }
  if (error instanceof Unreachable)
    return kitWords(error.reason === 'timeout' ? 'problem.timeout' : 'problem.offline')
  return kitWords('problem.unknown', { detail: error instanceof Error ? error.message : String(error) })
}

/** The server's own words in both languages, for codes that this build does not know. */
export function detailOf(problem: Problem | null | undefined): { detail?: string; detail_zh?: string } {
  return {
    ...(problem?.detail ? { detail: problem.detail } : {}),
    ...(problem?.title_zh ? { detail_zh: problem.title_zh } : {}),
  }
}
