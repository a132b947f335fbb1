/** Drafts are written on every key and survive closing, a crash and airplane mode. */
import { onScopeDispose, reactive, ref, toRaw, watch } from 'vue'
import { db, durable } from './db'

export const dropDraft = (key: string) => durable(() => db.drafts.delete(key))

export function useDraft<T extends object>(key: string, empty: T) {
  const draft = reactive(structuredClone(empty)) as T
  const ready = ref(false)
  const savedAt = ref<number | null>(null)
  let last = Promise.resolve()
  let closed = false

  const loading = durable(() => db.drafts.get(key)).then((row) => {
    if (row) {
      Object.assign(draft, row.body as T)
      savedAt.value = row.at
    }
    ready.value = true
  })

  function write(): void {
    const row = { key, body: structuredClone(plain(toRaw(draft))), at: Date.now() }
    // One after the other, so that an older text can never overwrite a newer one.
    last = last
      .then(() => (closed ? undefined : durable(() => db.drafts.put(row)).then(() => undefined)))
      .then(() => {
        savedAt.value = row.at
      })
      .catch((error) => console.error(error))
  }

  const stop = watch(draft, () => ready.value && write(), { flush: 'sync', deep: true })
  onScopeDispose(stop)

  /** The draft has become the real thing, or was given up. */
  async function discard(): Promise<void> {
    stop()
    closed = true
    await last
    await dropDraft(key)
  }
  return { draft, ready, savedAt, loading, discard }
}

/** Vue's proxies cannot be cloned into IndexedDB, also not nested ones. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
