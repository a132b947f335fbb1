/** What kind of browser this is, where it matters to the user. */
import { ref } from 'vue'

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

const agent = navigator.userAgent
export const isIos =
  /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)
export const isWeChat = /MicroMessenger/i.test(agent)
export const isInstalled =
  matchMedia('(display-mode: standalone)').matches ||
  (navigator as Navigator & { standalone?: boolean }).standalone === true

/** Chromium's own offer to install; null when there is none (installed, or another browser). */
export const installPrompt = ref<InstallPrompt | null>(null)
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  installPrompt.value = event as InstallPrompt
})
addEventListener('appinstalled', () => {
  installPrompt.value = null
})

export const online = ref(navigator.onLine)
addEventListener('online', () => {
  online.value = true
})
addEventListener('offline', () => {
  online.value = false
})
