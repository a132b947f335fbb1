/** A new version is offered, never forced: it takes over only when nothing waits and the user agrees. */
import { ref } from 'vue'
import { countUnsent } from '../access/session'
import { capturesInFlight } from '../evidence/inflight'

export const updateReady = ref(false)
let waiting: ServiceWorker | null = null
let agreed = false

export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  const registration = await navigator.serviceWorker.register('/m/sw.js', {
    scope: '/m/',
    updateViaCache: 'none',
  })
  const offer = (worker: ServiceWorker | null) => {
    if (!worker || !navigator.serviceWorker.controller) return
    waiting = worker
    updateReady.value = true
  }
  offer(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'installed') offer(fresh)
    })
  })
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (agreed) location.reload()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => {})
  })
}

/** False when something still waits; the service worker checks the outbox once more itself. */
export async function applyUpdate(): Promise<boolean> {
  if (!waiting || capturesInFlight.value > 0 || (await countUnsent()) > 0) return false
  agreed = true
  waiting.postMessage({ type: 'SKIP_WAITING' })
  return true
}
