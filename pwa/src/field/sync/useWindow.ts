/** Only the rows in view exist in the page. One row height for all, measured from the root font size. */
import { computed, onMounted, onUnmounted, type Ref, ref, shallowRef } from 'vue'

export function useWindow(length: () => number, rowRem: number, list: Readonly<Ref<HTMLElement | null>>) {
  const height = ref(rowRem * 16)
  const view = shallowRef({ from: 0, to: 20 })

  function measure(): void {
    height.value = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    const top = list.value?.getBoundingClientRect().top ?? 0
    const from = Math.max(0, Math.floor(-top / height.value) - 6)
    const to = Math.ceil((window.innerHeight - top) / height.value) + 6
    if (from !== view.value.from || to !== view.value.to) view.value = { from, to }
  }
  onMounted(() => {
    measure()
    addEventListener('scroll', measure, { passive: true })
    addEventListener('resize', measure)
  })
  onUnmounted(() => {
    removeEventListener('scroll', measure)
    removeEventListener('resize', measure)
  })
  return {
    height,
    from: computed(() => Math.min(view.value.from, Math.max(0, length() - 1))),
    to: computed(() => Math.min(view.value.to, length())),
    measure,
  }
}
