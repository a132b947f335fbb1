/** After the first picture: warm the worker, start syncing, ask that the storage be kept. */
import { watch } from 'vue'
import { session } from '../access/session'
import { onCopied, warmWorker } from '../evidence/capture'
import { startSync, syncNow } from '../sync/triggers'

export async function startBackground(): Promise<void> {
  watch(
    session,
    (now, before) => {
      if (!now || before?.person.id === now.person.id) return
      warmWorker()
      void navigator.storage?.persist?.()
      void syncNow(true)
    },
    { immediate: true },
  )
  onCopied(() => void syncNow())
  startSync()
}
