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

/**
 * One query for all who look at the same time. It rests while nobody looks, so that a screen without it (the camera)
 * does not pay for it; whoever looks again sees at once what was read last.
 */
export function sharedLive<T>(query: () => Promise<T>): () => ShallowRef<T | undefined> {
  const result: ShallowRef<T | undefined> = shallowRef()
  let lookers = 0
  let stop = () => {}
  return () => {
    lookers += 1
    if (lookers === 1) {
      const subscription = liveQuery(() => durable(query)).subscribe({
        next: (value) => {
          result.value = value
        },
        error: (error) => console.error(error),
      })
      stop = () => subscription.unsubscribe()
    }
    onScopeDispose(() => {
      lookers -= 1
      if (lookers === 0) stop()
    })
    return result
  }
}
