/**
 * What lies before whoever is about to judge is taken up once, and looked after until it is stamped: the line says so
 * by itself. Stamps are no part of the hints, so this asks, ever more slowly. Nothing here holds up a decision.
 */
import { Refused } from '@shared/kit/api'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { readStamps, type Stamp, takeUp, type Way } from './stamps'

export interface TakenUp {
  id: string
  way: Way
}
export interface Looked {
  /** Empty for what cannot be taken up any more. */
  stamp: Stamp | null
  /** Counts what also stands in the chain of proof: the act, and a stamp that came. */
  news: number
}

const FIRST = 1_000
const SLOWEST = 10_000
const AWAY = 15_000

export function useStamps(wanted: () => readonly TakenUp[]) {
  const looked = shallowRef<ReadonlyMap<string, Looked>>(new Map())
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = FIRST
  let running = false
  let over = false

  function keep(id: string, stamp: Stamp | null, recorded = false): void {
    const before = looked.value.get(id)
    const changed = recorded || (before !== undefined && before.stamp?.state !== stamp?.state)
    looked.value = new Map(looked.value).set(id, { stamp, news: (before?.news ?? 0) + (changed ? 1 : 0) })
  }
  const fresh = () => wanted().filter(({ id }) => !looked.value.has(id))
  const open = () =>
    wanted()
      .map(({ id }) => looked.value.get(id)?.stamp)
      .filter((stamp): stamp is Stamp => stamp?.state === 'asked' || stamp?.state === 'away')

  async function takeUpFresh(): Promise<void> {
    for (let one = fresh()[0]; one && !over; one = fresh()[0]) {
      try {
        const { recorded, stamp } = await takeUp(one.id, one.way)
        keep(one.id, stamp, recorded)
      } catch (error) {
        if (!(error instanceof Refused && [403, 404].includes(error.status))) throw error
        keep(one.id, null)
      }
    }
  }

  async function look(): Promise<void> {
    if (running || over) return
    running = true
    clearTimeout(timer)
    let next = pause
    try {
      const waiting = open().map(({ capture_id }) => capture_id)
      await takeUpFresh()
      if (waiting.length > 0) for (const stamp of await readStamps(waiting)) keep(stamp.capture_id, stamp)
      const left = open()
      next = left.every(({ state }) => state === 'away') ? AWAY : pause
      pause = Math.min(SLOWEST, pause * 1.5)
    } catch {
      next = AWAY // without the network there is nothing to say, and nothing is lost
    } finally {
      running = false
    }
    if (!over && (fresh().length > 0 || open().length > 0)) timer = setTimeout(look, next)
  }

  watch(
    () =>
      wanted()
        .map(({ id }) => id)
        .join(),
    () => {
      pause = FIRST
      void look()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
  })
  return looked
}
