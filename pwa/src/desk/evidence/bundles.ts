/** Bundles of evidence: made, waited for, fetched; and pages for the printer. */
import type { components } from '@shared/api/schema'
import { problemOf, Refused, send } from '@shared/kit/api'
import { ask } from '../access/session'

type Schemas = components['schemas']
export type Bundle = Schemas['BundleView']
export type MakeBundle = Schemas['MakeBundle']

const PAUSE_MS = 1500
const TRIES = 20
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Make it; while the log lags behind, the same order again, which is still one. */
export async function makeBundle(order: MakeBundle, wanted: () => boolean): Promise<Bundle> {
  for (let n = 1; ; n += 1) {
    try {
      return await ask<Bundle>('/api/bundles', { json: order, timeoutMs: 60_000 })
    } catch (error) {
      const lags = error instanceof Refused && error.code === 'log_pending'
      if (!lags || n >= TRIES || !wanted()) throw error
      await pause(PAUSE_MS)
    }
  }
}

export const readBundle = (id: string): Promise<Bundle> => ask<Bundle>(`/api/bundles/${id}`)

/** Until the log proves all of it, or nobody waits any more. */
export async function waitForProofs(
  bundle: Bundle,
  wanted: () => boolean,
  shown: (bundle: Bundle) => void,
): Promise<void> {
  let now = bundle
  for (let n = 0; now.state === 'waiting' && n < TRIES && wanted(); n += 1) {
    await pause(PAUSE_MS)
    now = await readBundle(bundle.id)
    shown(now)
  }
}

/** Too few witnesses signed yet: whoever asks for them would refuse it. */
export const tooEarly = (bundle: Bundle): boolean => bundle.witnesses_signed < bundle.witnesses_needed
export const bundleFile = (bundle: Bundle): string =>
  `/api/bundles/${bundle.id}/file${tooEarly(bundle) ? '?early=true' : ''}`
export const bundleReport = (id: string): string => `/api/bundles/${id}/report`
export const visitSlip = (id: string): string => `/api/visits/${id}/slip`

/** Whether the page can be shown; a frame would only show the refusal as it came. */
export async function pageReady(path: string): Promise<void> {
  const response = await send(path)
  if (!response.ok) throw new Refused(await problemOf(response), response.headers)
}
