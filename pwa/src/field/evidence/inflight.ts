/** Captures between shutter and "safe"; an update of the app waits for them. */
import { computed, shallowReactive } from 'vue'
import type { Saved } from './record'

export interface Pending {
  resolve(saved: Saved): void
  reject(error: Error): void
}

export const inFlight = shallowReactive(new Map<string, Pending>())
export const capturesInFlight = computed(() => inFlight.size)
