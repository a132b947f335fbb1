/// <reference lib="webworker" />
/**
 * Keeps the whole field app on the phone, shows neutral notifications, and goes on sending when no window is open.
 * It never takes over by itself: only when the page asks, and only while nothing waits.
 */
import { createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { countUnsent, restoreSession } from './access/session'
import type { FieldSettings } from './app/settings'
import { getValue } from './db/db'
import { drain } from './sync/engine'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] }

interface SyncEvent extends ExtendableEvent {
  readonly tag: string
}

/** Static routing (Chrome 123, https://w3c.github.io/ServiceWorker/#install-event): not in TypeScript's library yet. */
interface InstallEvent extends ExtendableEvent {
  addRoutes?(rules: { condition: { urlPattern: string }; source: 'network' }): Promise<void>
}

precacheAndRoute(self.__WB_MANIFEST)
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { allowlist: [/^\/m(\/|$)/] }))

// Requests to the server are none of this worker's business. Without this rule each of them starts the worker, and
// one that starts the old worker while the new one takes over leaves the new one waiting (seen in Chromium 156).
self.addEventListener('install', (event: InstallEvent) => {
  const routed = event.addRoutes?.({ condition: { urlPattern: '/api/*' }, source: 'network' })
  if (routed) event.waitUntil(routed.catch(() => {}))
})

// The very first page came from the network; from here on it gets its screens from this phone.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  if (event.data?.type !== 'SKIP_WAITING') return
  event.waitUntil(
    countUnsent().then((unsent) => {
      if (unsent === 0) return self.skipWaiting()
    }),
  )
})

/** The lock screen is public: no title, no place, no person, only that there is something to read. */
const NEUTRAL = {
  zh: { title: '直查', body: '您有一条新消息，请打开应用查看。' },
  en: { title: 'Zhicha', body: 'You have a new message. Open the app to read it.' },
} as const

self.addEventListener('push', (event) => {
  event.waitUntil(
    (async () => {
      const kept = await getValue<FieldSettings>('settings').catch(() => undefined)
      const { title, body } = NEUTRAL[kept?.locale ?? 'zh']
      await self.registration.showNotification(title, {
        body,
        tag: 'notice',
        lang: kept?.locale === 'en' ? 'en' : 'zh-CN',
        icon: '/m/icon-192.png',
        badge: '/m/icon-192.png',
        data: { url: '/m/inbox' },
      })
      await tellWindows()
    })(),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
      const open = windows.find((client) => new URL(client.url).pathname.startsWith('/m/'))
      if (!open) return void (await self.clients.openWindow('/m/inbox'))
      await open.focus()
      await open.navigate('/m/inbox').catch(() => self.clients.openWindow('/m/inbox'))
    })(),
  )
})

async function tellWindows(): Promise<boolean> {
  const windows = await self.clients.matchAll({ type: 'window' })
  for (const client of windows) client.postMessage({ type: 'SYNC' })
  return windows.length > 0
}

async function sendInBackground(): Promise<void> {
  if (await tellWindows()) return
  await restoreSession()
  // Rejecting asks the browser to try again later.
  if ((await drain({ force: true })) === 'later') throw new Error('not everything could be sent')
}

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent
  if (tag === 'zhicha-sync') (event as SyncEvent).waitUntil(sendInBackground())
})
