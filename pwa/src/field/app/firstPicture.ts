/** What the start screen shows is read while the session is still being restored, not after it. */
import { effectScope, watch } from 'vue'
import { useWaiting } from '../sync/summary'
import { useVisitCards } from '../visits/cards'

export { default as TodayPage } from '../visits/TodayPage.vue'
export { default as AppShell } from './AppShell.vue'

/** Begins to read the visits and what waits. `release` when the screens have taken over. */
export function readFirstPicture(): { read: Promise<void>; release: () => void } {
  const scope = effectScope(true)
  const read = new Promise<void>((resolve) => {
    scope.run(() => {
      const cards = useVisitCards()
      const waiting = useWaiting()
      watch([cards, waiting], ([visits, state]) => visits && state && resolve(), {
        immediate: true,
        flush: 'sync',
      })
    })
  })
  return { read, release: () => scope.stop() }
}
