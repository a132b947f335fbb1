/** Keyboard: the page that is on top decides what a key means. Typing into a field is never disturbed. */
import { onMounted, onUnmounted } from 'vue'
import { singleKeys } from './preferences'

type Acts = Readonly<Record<string, () => void>>
interface Layer {
  acts: Acts
  /** Works while a dialog is open (the lightbox); ordinary layers rest then. */
  modal: boolean
}

const layers: Layer[] = []
let leader = ''
let leaderAt = 0

const TYPING =
  'input:not([type="checkbox"],[type="radio"],[type="button"]),textarea,select,[contenteditable="true"]'

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(TYPING)) return
  const named = event.key.length > 1
  if (!named && !singleKeys.value) return
  const modal = document.querySelector('dialog[open]') !== null
  const now = performance.now()
  const key = leader && now - leaderAt < 1200 ? `${leader} ${event.key}` : event.key
  leader = ''
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index]
    if (!layer || layer.modal !== modal) continue
    const act = layer.acts[key]
    if (!act) continue
    event.preventDefault()
    act()
    return
  }
  if (!modal && event.key === 'g') {
    leader = 'g'
    leaderAt = now
  }
}

if (typeof window !== 'undefined') window.addEventListener('keydown', onKey)

export function useShortcuts(acts: Acts, options: { modal?: boolean } = {}): void {
  const layer: Layer = { acts, modal: options.modal ?? false }
  onMounted(() => layers.push(layer))
  onUnmounted(() => {
    const at = layers.indexOf(layer)
    if (at >= 0) layers.splice(at, 1)
  })
}
