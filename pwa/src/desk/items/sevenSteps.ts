/** 七步 (R12): the line from 收件登记 to 归档运用, with who took each step and where the item stands on it. */
import type { ItemStep } from './process'

export const SEVEN = [
  'register',
  'propose',
  'establish',
  'confirm_method',
  'close',
  'report_back',
  'archive',
] as const
export type Stage = (typeof SEVEN)[number]

/** How many of the seven are done in a state; null where the item left the line. */
const DONE: Record<string, number> = {
  REGISTERED: 1,
  PROPOSED: 1,
  UNDER_APPROVAL: 2,
  ESTABLISHED: 3,
  METHOD_CONFIRMED: 4,
  ASSIGNED: 4,
  IN_PROGRESS: 4,
  SUSPENDED: 4,
  REPORTED: 4,
  UNDER_REVIEW: 4,
  CLOSED: 5,
  REPORTED_BACK: 6,
  CANCELLED_FROM_LEDGER: 6,
  ARCHIVED: 7,
}

export interface StageShown {
  stage: Stage
  is: 'done' | 'now' | 'later' | 'ended'
  step: ItemStep | null
}

export function sevenSteps(state: string, steps: readonly ItemStep[]): StageShown[] {
  const last = (stage: Stage) => steps.findLast((step) => step.act === stage) ?? null
  const taken = SEVEN.filter((stage) => last(stage) !== null).length
  const done = DONE[state] ?? Math.max(1, taken)
  const ended = DONE[state] === undefined
  return SEVEN.map((stage, index) => ({
    stage,
    is: index < done ? 'done' : ended ? 'ended' : index === done ? 'now' : 'later',
    step: index < done ? last(stage) : null,
  }))
}
