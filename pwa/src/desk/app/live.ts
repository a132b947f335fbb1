/**
 * The server's stream of hints: what changed, never the content. Whoever shows such a thing reads it again.
 * After a break nobody knows what was missed, so everyone is told to read again.
 */
import { onMounted, onUnmounted, shallowRef } from 'vue'

export type Liveness = 'connecting' | 'live' | 'broken'
export interface Hint {
  kind: string
  id: string
}

export const liveness = shallowRef<Liveness>('connecting')

const listeners = new Set<(hint: Hint | null) => void>()
let source: EventSource | null = null
let retry: ReturnType<typeof setTimeout> | undefined
let attempts = 0
let wasLive = false

function spread(hint: Hint | null): void {
  for (const listener of listeners) listener(hint)
}

function onOpen(): void {
  liveness.value = 'live'
  attempts = 0
  if (wasLive) spread(null)
  wasLive = true
}

function onHint(event: MessageEvent<string>): void {
  try {
    const { kind, id } = JSON.parse(event.data) as Partial<Hint>
    if (typeof kind === 'string' && typeof id === 'string') spread({ kind, id })
  } catch {
    // A hint nobody can read is no reason to stop; the next re-read brings the truth.
  }
}

function onError(): void {
  liveness.value = 'broken'
  // The browser reconnects by itself unless the answer was not a stream; then it is up to us, ever more slowly.
  if (source?.readyState !== EventSource.CLOSED) return
  clearTimeout(retry)
  attempts += 1
  retry = setTimeout(connect, Math.min(30_000, 1000 * 2 ** Math.min(attempts, 5)))
}

function connect(): void {
  source?.close()
  source = new EventSource('/api/live')
  source.addEventListener('open', onOpen)
  source.addEventListener('hint', onHint)
  source.addEventListener('error', onError)
}

/** Everything on the screen reads itself again: the network or the sign-in is back. */
export function readAllAgain(): void {
  if (liveness.value !== 'live') {
    clearTimeout(retry)
    connect()
  }
  spread(null)
}
function onVisible(): void {
  if (document.visibilityState === 'visible' && liveness.value !== 'live') readAllAgain()
}

export function startLive(): void {
  connect()
  window.addEventListener('online', readAllAgain)
  document.addEventListener('visibilitychange', onVisible)
}

export function stopLive(): void {
  clearTimeout(retry)
  source?.close()
  source = null
  window.removeEventListener('online', readAllAgain)
  document.removeEventListener('visibilitychange', onVisible)
}

/** Calls back for each hint of these kinds, and with `null` when anything may have changed. */
export function useHints(kinds: readonly string[], react: (hint: Hint | null) => void): void {
  const listener = (hint: Hint | null) => {
    if (!hint || kinds.includes(hint.kind)) react(hint)
  }
  onMounted(() => listeners.add(listener))
  onUnmounted(() => listeners.delete(listener))
}
