/** How a form is sent: nothing while it lacks something; what the server refuses is told in place. Busy, its button waits. */
import { type Ref, ref } from 'vue'
import { t } from '../app/words'
import { fieldProblems, sentenceOf } from './sentence'

export type Fields = Readonly<Record<string, string>>

export interface Sending {
  /** What is wrong, by field. */
  wrong: Ref<Fields>
  /** What was refused as a whole. */
  failed: Ref<string | null>
  busy: Ref<boolean>
  /** Does the act unless something is lacking; resolves when it is done or refused. */
  send(lacking: Fields, act: () => Promise<unknown>): Promise<void>
  /** Reads what the form offers to choose from; a failure is told where a refusal would be. */
  prepare(read: () => Promise<unknown>): Promise<void>
  /** For a form that is opened again. */
  clear(): void
}

export function useSending(
  tell: (error: unknown) => { sentence: string; fields: Fields } = (error) => ({
    sentence: sentenceOf(error),
    fields: fieldProblems(error),
  }),
): Sending {
  const wrong = ref<Fields>({})
  const failed = ref<string | null>(null)
  const busy = ref(false)

  async function send(lacking: Fields, act: () => Promise<unknown>): Promise<void> {
    wrong.value = lacking
    failed.value = null
    if (Object.keys(lacking).length > 0) return
    busy.value = true
    try {
      await act()
    } catch (error) {
      const told = tell(error)
      wrong.value = told.fields
      failed.value = told.sentence
    } finally {
      busy.value = false
    }
  }
  async function prepare(read: () => Promise<unknown>): Promise<void> {
    try {
      await read()
    } catch (error) {
      failed.value = sentenceOf(error)
    }
  }
  function clear(): void {
    wrong.value = {}
    failed.value = null
  }
  return { wrong, failed, busy, send, prepare, clear }
}

const blank = (value: string | readonly unknown[] | null): boolean =>
  value === null || (typeof value === 'string' ? value.trim() : value).length === 0

/** Those of the fields that were left empty, each with the sentence that says so. */
export function missing(given: Readonly<Record<string, string | readonly unknown[] | null>>): Fields {
  const empty = Object.keys(given).filter((name) => blank(given[name] ?? null))
  return Object.fromEntries(empty.map((name) => [name, t('act.required')]))
}
