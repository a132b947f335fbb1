/** What a page shows is in its address: the chosen row in the path, the filters behind the question mark. */
import { type ComputedRef, computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { provideRowPlace } from './place'

export interface Address<F extends string> {
  filter: ComputedRef<Record<F, string>>
  filtered: ComputedRef<boolean>
  /** The chosen row; null when none is, or when a new one is being made. */
  active: ComputedRef<string | null>
  making: ComputedRef<boolean>
  change(part: Partial<Record<F, string>>): void
  clear(): void
  open(id: string, moved?: boolean): void
}

export function useAddress<const F extends string>(page: string, names: readonly F[]): Address<F> {
  const route = useRoute()
  const router = useRouter()
  const filter = computed(() => {
    const found = {} as Record<F, string>
    for (const name of names) {
      const value = route.query[name]
      found[name] = typeof value === 'string' ? value : ''
    }
    return found
  })
  const chosen = computed(() =>
    typeof route.params.id === 'string' && route.params.id ? route.params.id : null,
  )

  function change(part: Partial<Record<F, string>>): void {
    const query: Record<string, string> = {}
    const next: Record<F, string> = { ...filter.value, ...part }
    for (const name of names) if (next[name]) query[name] = next[name]
    const to = { name: page, params: route.params, query }
    // Each letter of a search is not a place to go back to.
    const typing =
      'q' in part && Object.keys(part).length === 1 && (filter.value as Record<string, string>).q !== ''
    void (typing ? router.replace(to) : router.push(to))
  }
  function open(id: string, moved = false): void {
    const to = { name: page, params: { id }, query: route.query }
    void (moved && chosen.value ? router.replace(to) : router.push(to))
  }
  const active = computed(() => (chosen.value === 'new' ? null : chosen.value))
  provideRowPlace({
    base: computed(() => `/${page}/`),
    search: computed(() => {
      const { search } = new URL(router.resolve({ name: page, query: route.query }).href, location.origin)
      return search
    }),
    active,
  })
  return {
    filter,
    filtered: computed(() => names.some((name) => filter.value[name] !== '')),
    active,
    making: computed(() => chosen.value === 'new'),
    change,
    clear: () => void router.push({ name: page, params: route.params }),
    open,
  }
}
