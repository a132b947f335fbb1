/** The present minute, for relative times: one clock for the whole page. */
import { wallMs } from '@shared/kit/clock'
import { shallowRef } from 'vue'

export const now = shallowRef(wallMs())
if (typeof window !== 'undefined') {
  setInterval(() => {
    now.value = wallMs()
  }, 20_000)
}
