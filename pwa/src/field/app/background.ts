/** After the first picture: warm the worker, start syncing, ask that the storage be kept. */
import { watch } from 'vue'
import { session } from '../access/session'
import { onCopied, warmWorker } from '../evidence/capture'
import { startSync, syncNow } from '../sync/triggers'
import { idle } from './idle'
import { router } from './router'

export async function startBackground(): Promise<void> {
  watch(
    session,
    (now, before) => {
      if (!now || before?.person.id === now.person.id) return
      warmWorker()
      void navigator.storage?.persist?.()
      void syncNow(true)
      void preloadPages()
    },
    { immediate: true },
  )
  onCopied(() => void syncNow())
  startSync()
}

/** One by one, whenever nothing else happens: the first tap on a screen does not wait for its code. */
async function preloadPages(): Promise<void> {
  for (const load of router.loaders) {
    await idle()
    // Not fetched yet and no network: the tap itself will say so.
    await Promise.resolve(load()).catch(() => {})
  }
}
