/**
 * Our own typed dictionary. Chinese is in the bundle and is the law for keys and parameters; English is fetched
 * when it is wanted. Each face (and the kit itself) declares its own dictionary.
 *
 * Parameters: `{name}`. English plurals: `{n|photo|photos}` picks by the number `n`.
 */
import { type ShallowRef, shallowRef } from 'vue'

export type Locale = 'zh' | 'en'
export type Words = Readonly<Record<string, string>>

type ParamNames<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never
type ParamValues = Readonly<Record<string, string | number>>
type Args<S extends string> = [ParamNames<S>] extends [never]
  ? [params?: ParamValues]
  : [params: Readonly<Record<ParamNames<S>, string | number>>]

export interface Dictionary<W extends Words> {
  <K extends keyof W & string>(key: K, ...args: Args<W[K]>): string
  /** For keys that arrive as data (a problem's code, a notice's title key). */
  maybe(key: string, params?: ParamValues): string | null
}

export const locale: ShallowRef<Locale> = shallowRef('zh')

const englishLoaders: (() => Promise<void>)[] = []

export function fill(sentence: string, params: ParamValues = {}): string {
  return sentence.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = params[name]
      if (value === undefined) return whole
      if (one === undefined || many === undefined) return String(value)
      return Number(value) === 1 ? one : many
    },
  )
}

export function dictionary<const W extends Words>(
  zh: W,
  loadEnglish: () => Promise<{ default: Readonly<Record<keyof W, string>> }>,
): Dictionary<W> {
  const english = shallowRef<Words | null>(null)
  const load = async () => {
    english.value ??= (await loadEnglish()).default as Words
  }
  englishLoaders.push(load)
  // A dictionary that arrives with a lazily loaded screen must follow a choice made before it.
  if (locale.value === 'en') void load()
  const sentence = (key: string): string | undefined =>
    (locale.value === 'en' ? english.value?.[key] : undefined) ?? (zh as Words)[key]
  const say = (key: string, params?: ParamValues) => fill(sentence(key) ?? key, params)
  return Object.assign(say, {
    maybe: (key: string, params?: ParamValues) => {
      const found = sentence(key)
      return found === undefined ? null : fill(found, params)
    },
  }) as Dictionary<W>
}

export async function setLocale(next: Locale): Promise<void> {
  if (next === 'en') await Promise.all(englishLoaders.map((load) => load()))
  locale.value = next
  if (typeof document !== 'undefined') document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
}

export function preferredLocale(languages: readonly string[]): Locale {
  return languages.some((tag) => tag.toLowerCase().startsWith('zh')) || languages.length === 0 ? 'zh' : 'en'
}
