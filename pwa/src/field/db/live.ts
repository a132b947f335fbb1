import { liveQuery } from 'dexie'
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import { durable } from './db'

/** A query that follows the database, also when the worker, another tab or the service worker writes. */
export function useLive<T>(
  query: () => Promise<T>,
  sources: () => unknown = () => null,
): ShallowRef<T | undefined> {
  const result: ShallowRef<T | undefined> = shallowRef()
  let stop: (() => void) | undefined
  watch(
    sources,
    () => {
      stop?.()
      const subscription = liveQuery(() => durable(query)).subscribe({
        next: (value) => {
          result.value = value
        },
        error: (error) => console.error(error),
      })
      stop = () => subscription.unsubscribe()
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())
  return result
}
