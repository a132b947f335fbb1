/** A keyset list on the screen: first page, next pages, arrivals at the head, one row renewed. */
import { Unreachable } from '@shared/kit/api'
import { onUnmounted, type ShallowRef, shallowRef, watch } from 'vue'
import { appendPage, mergeHead, type Row, replaceRow } from './keyset'

export interface Page<T> {
  rows: T[]
  next: string | null
}
export type ReadPage<T> = (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>

export interface KeysetList<T extends Row> {
  rows: ShallowRef<readonly T[]>
  /** Arrivals that wait, because the reader is not at the top. */
  waiting: ShallowRef<readonly T[]>
  /** Ids that have just come in, for a moment. */
  justIn: ShallowRef<ReadonlySet<string>>
  state: ShallowRef<'loading' | 'ready' | 'failed'>
  error: ShallowRef<unknown>
  next: ShallowRef<string | null>
  loadingMore: ShallowRef<boolean>
  atTop: ShallowRef<boolean>
  reload(): Promise<void>
  loadMore(): Promise<void>
  /** Reads the head again, at most about three times a second however many hints arrive. */
  refreshHead(): void
  admit(): void
  put(row: T): void
}

const MAX_HEAD_PAGES = 4

export function useKeysetList<T extends Row>(key: () => string, read: ReadPage<T>): KeysetList<T> {
  const rows = shallowRef<readonly T[]>([])
  const waiting = shallowRef<readonly T[]>([])
  const justIn = shallowRef<ReadonlySet<string>>(new Set())
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<unknown>(null)
  const next = shallowRef<string | null>(null)
  const loadingMore = shallowRef(false)
  const atTop = shallowRef(true)
  let run = new AbortController()
  /** The list as it will be once the waiting rows are let in. */
  let withWaiting: readonly T[] = []
  let headTimer: ReturnType<typeof setTimeout> | undefined
  let headRunning = false
  let headAgain = false

  async function reload(): Promise<void> {
    run.abort()
    run = new AbortController()
    const { signal } = run
    state.value = 'loading'
    error.value = null
    try {
      const page = await read(null, signal)
      if (signal.aborted) return
      rows.value = page.rows
      next.value = page.next
      waiting.value = []
      state.value = 'ready'
    } catch (failure) {
      if (signal.aborted || (failure instanceof Unreachable && failure.reason === 'aborted')) return
      error.value = failure
      state.value = 'failed'
    }
  }

  async function loadMore(): Promise<void> {
    if (loadingMore.value || next.value === null || state.value !== 'ready') return
    const { signal } = run
    loadingMore.value = true
    try {
      const page = await read(next.value, signal)
      if (signal.aborted) return
      rows.value = appendPage(rows.value, page.rows)
      next.value = page.next
      error.value = null
    } catch (failure) {
      if (!signal.aborted) error.value = failure
    } finally {
      loadingMore.value = false
    }
  }

  async function readHead(): Promise<void> {
    const { signal } = run
    let page = await read(null, signal)
    let head = page.rows
    // More than a page may have come in while nobody looked: read on until both meet.
    for (
      let pages = 1;
      page.next && mergeHead(rows.value, page.rows).gap && pages < MAX_HEAD_PAGES;
      pages++
    ) {
      page = await read(page.next, signal)
      head = appendPage(head, page.rows)
    }
    if (signal.aborted) return
    const { merged, renewed, fresh, gap } = mergeHead(rows.value, head)
    error.value = null
    if (gap) {
      rows.value = head
      next.value = page.next
      waiting.value = []
      return
    }
    if (fresh.length === 0 || !atTop.value) {
      rows.value = renewed
      withWaiting = merged
      waiting.value = fresh
      return
    }
    letIn(merged, fresh)
  }

  function letIn(merged: readonly T[], fresh: readonly T[]): void {
    rows.value = merged
    waiting.value = []
    justIn.value = new Set(fresh.map((row) => row.id))
    setTimeout(() => {
      justIn.value = new Set()
    }, 1600)
  }

  function refreshHead(): void {
    if (headTimer || state.value === 'loading') return
    headTimer = setTimeout(async () => {
      headTimer = undefined
      if (headRunning) {
        headAgain = true
        return
      }
      headRunning = true
      try {
        await (state.value === 'failed' ? reload() : readHead())
      } catch (failure) {
        if (!(failure instanceof Unreachable && failure.reason === 'aborted')) error.value = failure
      } finally {
        headRunning = false
        if (headAgain) {
          headAgain = false
          refreshHead()
        }
      }
    }, 300)
  }

  function admit(): void {
    if (waiting.value.length > 0) letIn(withWaiting, waiting.value)
  }

  function put(row: T): void {
    rows.value = replaceRow(rows.value, row)
    withWaiting = replaceRow(withWaiting, row)
  }

  watch(key, reload, { immediate: true })
  onUnmounted(() => {
    run.abort()
    clearTimeout(headTimer)
  })

  return {
    rows,
    waiting,
    justIn,
    state,
    error,
    next,
    loadingMore,
    atTop,
    reload,
    loadMore,
    refreshHead,
    admit,
    put,
  }
}
