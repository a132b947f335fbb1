import { t } from '../words/pages'
import { CaptureFailed } from './capture'

/** Why a photo was not saved, and what to do. Nothing is ever half saved. */
export function failureSentence(error: unknown): string {
  const name = error instanceof CaptureFailed ? error.cause_name : (error as Error).name
  const known = t.maybe(`capture.failed.${name}`)
  return known ?? t('capture.failed.other', { detail: (error as Error).message })
}
