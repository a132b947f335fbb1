import { describe, expect, it } from 'vitest'
import type { CaptureRow, VisitRow } from '../db/rows'
import { effectiveState, nextStep, stateAfter } from './lifecycle'
import { progress, splitByDay, type VisitCard, visitToCapture } from './local'

const NOW = Date.parse('2026-05-25T02:00:00Z')
const card = (id: string, planned_for: string, state: VisitRow['state']): VisitCard => ({
  visit: { id, planned_for, state, starts_at: null } as VisitRow,
  site: null,
  state,
  received: 0,
  total: 0,
  findings: 0,
})

describe('the lifecycle on the phone', () => {
  it('adds what was done here to what the server said', () => {
    expect(effectiveState('TEAM_LOCKED', ['visit.depart', 'visit.arrive'])).toBe('ON_SITE')
    expect(nextStep('LEFT')?.act).toBe('visit.sign')
  })
  it('lets the server be ahead', () => {
    expect(stateAfter('RECORD_SIGNED', 'visit.arrive')).toBe('RECORD_SIGNED')
  })
})

describe('today', () => {
  const cards = [
    card('yesterday-open', '2026-05-24', 'ON_SITE'),
    card('yesterday-done', '2026-05-24', 'RECORD_SIGNED'),
    card('today', '2026-05-25', 'TEAM_LOCKED'),
    card('tomorrow', '2026-05-26', 'TEAM_LOCKED'),
  ]
  it('holds what is planned for today and what is still open', () => {
    const days = splitByDay(cards, NOW)
    expect(days.today.map((each) => each.visit.id)).toEqual(['yesterday-open', 'today'])
    expect(days.later.map((each) => each.visit.id)).toEqual(['tomorrow'])
    expect(days.earlier.map((each) => each.visit.id)).toEqual(['yesterday-done'])
  })
  it('sends the capture button to the visit on site, and asks when it is not clear', () => {
    expect(visitToCapture(cards, NOW)?.visit.id).toBe('yesterday-open')
    expect(
      visitToCapture([card('a', '2026-05-25', 'LEFT'), card('b', '2026-05-25', 'DEPARTED')], NOW),
    ).toBeNull()
  })
})

describe('progress', () => {
  it('counts a receipt before the server has told the state', () => {
    const captures = [
      { id: 'a', server: null },
      { id: 'b', server: null },
      { id: 'c', server: { originals: { received: 1, total: 1 } } },
    ] as CaptureRow[]
    expect(progress(captures, new Set(['a:original', 'b:preview']))).toEqual({ received: 2, total: 3 })
  })
})
