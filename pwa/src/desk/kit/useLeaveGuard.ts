/** What was typed and not yet sent: asks before it is left behind, whichever way one leaves. */
import { onMounted, onUnmounted, type Ref, ref } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized } from 'vue-router'

export interface LeaveGuard {
  /** Whether the question is on the screen. */
  asking: Ref<boolean>
  /** Resolves to whether to go; at once where nothing would be lost. */
  mayLeave(): Promise<boolean>
  /** The answer: go, or stay and go on typing. */
  answer(go: boolean): void
}

export function useLeaveGuard(dirty: () => boolean): LeaveGuard {
  const asking = ref(false)
  let settle: ((go: boolean) => void) | undefined

  function answer(go: boolean): void {
    asking.value = false
    settle?.(go)
    settle = undefined
  }
  function mayLeave(): Promise<boolean> {
    if (!dirty()) return Promise.resolve(true)
    answer(false)
    asking.value = true
    return new Promise((resolve) => {
      settle = resolve
    })
  }
  // Filters behind the question mark change while the form stays where it is.
  const guard = (to: RouteLocationNormalized, from: RouteLocationNormalized) =>
    to.path === from.path ? true : mayLeave()
  onBeforeRouteLeave(guard)
  onBeforeRouteUpdate(guard)

  /** A closed tab can only be held up by the browser's own words. */
  function onUnload(event: BeforeUnloadEvent): void {
    if (dirty()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', onUnload))
  onUnmounted(() => window.removeEventListener('beforeunload', onUnload))

  return { asking, mayLeave, answer }
}
