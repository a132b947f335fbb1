/** Short answers to what a person just did. Errors stay until they are closed. */
import type { Tone } from '@shared/kit/ui/tones'
import { shallowRef } from 'vue'

export interface Toast {
  id: number
  text: string
  tone: Tone
}

export const toasts = shallowRef<readonly Toast[]>([])
let last = 0

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

export function tell(text: string, tone: Tone = 'good'): void {
  last += 1
  const id = last
  // The newest answer is the one that matters; what went wrong stays beside it.
  toasts.value = [...toasts.value.filter((toast) => toast.tone === 'bad').slice(-2), { id, text, tone }]
  if (tone !== 'bad') setTimeout(() => closeToast(id), 6000)
}
