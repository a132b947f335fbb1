/** Which network originals may use. Statements and previews always go. */
import { getValue } from '../db/db'

export type NetworkPolicy = 'any' | 'wifi'
export interface Settings {
  originals: NetworkPolicy
}
export const DEFAULT_SETTINGS: Settings = { originals: 'any' }

interface Connection extends EventTarget {
  readonly type?: string
  readonly saveData?: boolean
}
export const connection = (): Connection | undefined =>
  (navigator as Navigator & { connection?: Connection }).connection

/** One allowance by hand, for this run of the app: "send the originals now". */
let allowedByHand = false
export function allowOriginalsNow(): void {
  allowedByHand = true
}

/**
 * Where the browser does not say what the network is (iOS, desktop), "Wi-Fi only" waits for the user's word:
 * guessing would spend somebody's mobile data.
 */
export function mayCarryOriginals(policy: NetworkPolicy, type: string | undefined, byHand: boolean): boolean {
  return policy === 'any' || byHand || type === 'wifi' || type === 'ethernet'
}

export async function originalsAllowed(): Promise<boolean> {
  const settings = (await getValue<Settings>('settings')) ?? DEFAULT_SETTINGS
  return mayCarryOriginals(settings.originals, connection()?.type, allowedByHand)
}
