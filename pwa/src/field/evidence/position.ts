/** The phone's own fix, with its accuracy. It never blocks a capture: after two seconds the reason is signed instead. */
import type { Position } from '@shared/api/contract'
import { wallMs } from '@shared/kit/clock'
import { type ShallowRef, shallowRef } from 'vue'
import type { GpsError } from '../db/rows'
import type { Fix } from './record'

const WAIT_MS = 2_000
const FRESH_MS = 30_000
/** A phone at rest may report nothing new for minutes; asking keeps the fix fresh, so that no photo has to wait. */
const ASK_MS = 10_000

/** Integers only: degrees × 10⁷, centimetres, centimetres per second, hundredths of a degree. */
export function toPosition({
  coords,
  timestamp,
}: Pick<GeolocationPosition, 'coords' | 'timestamp'>): Position {
  const scaled = (value: number | null, factor: number) =>
    value === null || !Number.isFinite(value) ? null : Math.round(value * factor)
  return {
    lat_e7: Math.round(coords.latitude * 1e7),
    lon_e7: Math.round(coords.longitude * 1e7),
    acc_cm: Math.round(coords.accuracy * 100),
    alt_cm: scaled(coords.altitude, 100),
    spd_cms: scaled(coords.speed, 100),
    hdg_cdeg: scaled(coords.heading, 100),
    ts_ms: Math.round(timestamp),
    datum: 'WGS84',
  }
}

const REASONS: Record<number, GpsError> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' }

export interface PositionWatch {
  readonly latest: ShallowRef<Position | null>
  readonly error: ShallowRef<GpsError | null>
  fix(): Promise<Fix>
  stop(): void
}

export function watchPosition(geolocation: Geolocation | undefined = navigator.geolocation): PositionWatch {
  const latest = shallowRef<Position | null>(null)
  const error = shallowRef<GpsError | null>(geolocation ? null : 'unavailable')
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  const found = (position: GeolocationPosition) => {
    latest.value = toPosition(position)
    error.value = null
    wake()
  }
  const failed = (failure: GeolocationPositionError) => {
    error.value = REASONS[failure.code] ?? 'unavailable'
    wake()
  }
  const options = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 }
  const id = geolocation?.watchPosition(found, failed, options)
  const asking = setInterval(() => geolocation?.getCurrentPosition(found, () => {}, options), ASK_MS)
  const fresh = () => (latest.value && wallMs() - latest.value.ts_ms < FRESH_MS ? latest.value : null)

  return {
    latest,
    error,
    async fix() {
      if (!fresh() && !error.value) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve)
          setTimeout(resolve, WAIT_MS)
        })
        // Waited once in vain: the next photos do not wait again until a fix arrives.
        if (!fresh() && !error.value) error.value = 'timeout'
      }
      // An older fix is still worth signing: it carries its own time and accuracy.
      const position = fresh() ?? latest.value
      return { position, error: position ? null : (error.value ?? 'timeout') }
    },
    stop() {
      clearInterval(asking)
      if (id !== undefined) geolocation?.clearWatch(id)
      wake()
    },
  }
}
