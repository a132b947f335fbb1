/** Where the rows of a list lead, told once by the page to all of its rows. */
import { type ComputedRef, type InjectionKey, inject, provide } from 'vue'

interface RowPlace {
  /** The path up to the id, and what follows it. */
  base: ComputedRef<string>
  search: ComputedRef<string>
  active: ComputedRef<string | null>
}
const KEY: InjectionKey<RowPlace> = Symbol('row place')

export const provideRowPlace = (place: RowPlace): void => provide(KEY, place)

export function useRowPlace(): RowPlace {
  const place = inject(KEY)
  if (!place) throw new Error('a row link outside of a page with an address')
  return place
}
