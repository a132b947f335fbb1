/** The page's side of capturing: takes the clock pair at the shutter, hands the file to the worker, waits for "safe". */
import { monoMs, wallMs, zoneMinutes } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { device, session } from '../access/session'
import { whenFrozen } from '../db/leave'
import type { MediaSource, VisitRow } from '../db/rows'
import { anchorNow } from '../tlog/seen'
import { inFlight } from './inflight'
import type { PositionWatch } from './position'
import type { Saved } from './record'
import type { FromWorker, ToWorker } from './worker'

export class CaptureFailed extends Error {
  override readonly name = 'CaptureFailed'
  constructor(
    readonly cause_name: string,
    detail: string,
  ) {
    super(detail)
  }
}

let worker: Worker | undefined
const copied = new Set<() => void>()
export function onCopied(act: () => void): void {
  copied.add(act)
}

function post(message: ToWorker): void {
  worker?.postMessage(message)
}

function failAll(reason: string): void {
  for (const pending of inFlight.values()) pending.reject(new CaptureFailed('WorkerLost', reason))
  inFlight.clear()
  worker?.terminate()
  worker = undefined
}

export function warmWorker(): void {
  if (worker) return
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'copied') {
      for (const act of copied) act()
      return
    }
    const id = data.kind === 'safe' ? data.saved.id : data.id
    const pending = inFlight.get(id)
    inFlight.delete(id)
    if (data.kind === 'safe') pending?.resolve(data.saved)
    else pending?.reject(new CaptureFailed(data.error.name, data.error.message))
  }
  worker.onerror = (event) => failAll(event.message || 'worker stopped')
  whenFrozen(() => failAll('page left'))
  post({ kind: 'warm' })
}

export async function capture(
  file: Blob,
  src: MediaSource,
  visit: VisitRow,
  watch: PositionWatch,
  note: string | null,
): Promise<Saved> {
  // First of all the time: everything after this line may take a while.
  const clock = { wall_ms: wallMs(), mono_ms: monoMs(), tz_min: zoneMinutes() }
  const who = session.value
  const phone = device.value
  if (!who || !phone) throw new CaptureFailed('NotSignedIn', 'no session on this device')
  warmWorker()
  const id = newId(clock.wall_ms)
  const anchor = await anchorNow()
  return new Promise<Saved>((resolve, reject) => {
    inFlight.set(id, { resolve, reject })
    post({
      kind: 'capture',
      job: {
        id,
        file,
        src,
        visit: { id: visit.id, item_id: visit.item_id, site_id: visit.site_id, title: visit.title },
        author: { person_id: who.person.id, device_id: phone.id, app: __BUILD__ },
        clock,
        anchor,
        online: navigator.onLine,
        note,
      },
    })
    void watch.fix().then((fix) => post({ kind: 'fix', id, fix }))
  })
}
