/** One thing read from the server: what is shown stays while it is read again, and goes when another is asked for. */
import { Refused, Unreachable } from '@shared/kit/api'
import { onUnmounted, type ShallowRef, shallowRef, watch } from 'vue'

export interface Read<T> {
  data: ShallowRef<T | null>
  state: ShallowRef<'idle' | 'loading' | 'ready' | 'missing' | 'failed'>
  error: ShallowRef<unknown>
  /** What is shown could not be read again. */
  stale: ShallowRef<boolean>
  reload(): Promise<void>
  set(value: T): void
}

export function useRead<T>(
  key: () => string | null,
  read: (key: string, signal: AbortSignal) => Promise<T>,
): Read<T> {
  const data = shallowRef<T | null>(null)
  const state = shallowRef<Read<T>['state']['value']>('idle')
  const error = shallowRef<unknown>(null)
  const stale = shallowRef(false)
  let run = new AbortController()
  let shown: string | null = null

  async function reload(): Promise<void> {
    const wanted = key()
    run.abort()
    run = new AbortController()
    const { signal } = run
    if (wanted !== shown) {
      data.value = null
      stale.value = false
    }
    shown = wanted
    if (wanted === null) {
      state.value = 'idle'
      return
    }
    if (data.value === null) state.value = 'loading'
    try {
      const value = await read(wanted, signal)
      if (signal.aborted) return
      data.value = value
      state.value = 'ready'
      stale.value = false
    } catch (failure) {
      if (signal.aborted || (failure instanceof Unreachable && failure.reason === 'aborted')) return
      error.value = failure
      if (failure instanceof Refused && failure.status === 404) {
        data.value = null
        state.value = 'missing'
      } else if (data.value === null) state.value = 'failed'
      else stale.value = true
    }
  }

  /** An answer to one's own act; a read that is under way is older and must not overwrite it. */
  function set(value: T): void {
    run.abort()
    data.value = value
    state.value = 'ready'
    stale.value = false
  }

  watch(key, reload, { immediate: true })
  onUnmounted(() => run.abort())
  return { data, state, error, stale, reload, set }
}
