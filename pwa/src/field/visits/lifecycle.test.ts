import { CLAUSES } from '@shared/api/contract'
import { described } from '@shared/api/lifecycles'
import { CATEGORIES, SEVERITIES } from '@shared/findings/codes'
import { describe, expect, it } from 'vitest'
import { isOpen, mayCapture, STEPS } from './lifecycle'

const server = described.lifecycles.visit

describe('the phone knows the same rules as the server', () => {
  it('takes exactly the steps that the server would take', () => {
    for (const step of STEPS) {
      const act = step.act.replace('visit.', '')
      const theirs = server.steps.filter((one) => one.act === act)
      expect([...step.from].sort()).toEqual(theirs.map((one) => one.from).sort())
      expect(new Set(theirs.map((one) => one.to))).toEqual(new Set([step.to]))
      expect(theirs.every((one) => (one.by as readonly string[]).includes('TL'))).toBe(true)
    }
  })

  it('counts no ended visit as open', () => {
    const ended = ['RELEASED', 'REPORTED', 'FILED', 'ABORTED', 'COMPROMISED', 'DRAFT'] as const
    for (const state of ended) {
      expect(isOpen(state)).toBe(false)
      expect(mayCapture(state)).toBe(false)
    }
  })

  it('offers the maintained lists in their order', () => {
    expect(described.lists.finding_category.map((one) => one.code)).toEqual([...CATEGORIES])
    expect(described.lists.severity.map((one) => one.code)).toEqual([...SEVERITIES])
    expect(described.lists.clause.map((one) => one.code)).toEqual([...CLAUSES])
  })
})
