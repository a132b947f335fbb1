/** The field's part of a visit's lifecycle (D2): who may do what next, as a table. */
import type { Operation, VisitState } from '@shared/api/contract'

export type VisitAct = Extract<Operation['kind'], `visit.${string}`>

interface Step {
  readonly from: readonly VisitState[]
  readonly act: VisitAct
  readonly to: VisitState
  readonly by: 'leader' | 'member'
}

export const STEPS: readonly Step[] = [
  { from: ['TEAM_LOCKED'], act: 'visit.depart', to: 'DEPARTED', by: 'leader' },
  { from: ['DEPARTED'], act: 'visit.arrive', to: 'ON_SITE', by: 'leader' },
  { from: ['ON_SITE', 'CONVERTED'], act: 'visit.leave', to: 'LEFT', by: 'member' },
  { from: ['LEFT'], act: 'visit.sign', to: 'RECORD_SIGNED', by: 'leader' },
]

export const nextStep = (state: VisitState): Step | undefined =>
  STEPS.find((step) => step.from.includes(state))

/** An act that does not fit the state changes nothing: the server has moved on and its word counts. */
export const stateAfter = (state: VisitState, act: VisitAct): VisitState =>
  STEPS.find((step) => step.act === act && step.from.includes(state))?.to ?? state

/** Derived, never stored: what the server said plus what this phone has done since. */
export const effectiveState = (state: VisitState, waiting: readonly VisitAct[]): VisitState =>
  waiting.reduce(stateAfter, state)

/** Captures are taken on the way and on site; afterwards the record is being signed. */
export const mayCapture = (state: VisitState): boolean =>
  ['TEAM_LOCKED', 'DEPARTED', 'ON_SITE', 'CONVERTED', 'LEFT'].includes(state)

export const isOpen = (state: VisitState): boolean =>
  ['TEAM_LOCKED', 'DEPARTED', 'ON_SITE', 'CONVERTED', 'LEFT'].includes(state)

export const isLeader = (role: string): boolean => role === 'LEADER' || role === 'TL'
