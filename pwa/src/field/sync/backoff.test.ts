import { describe, expect, it } from 'vitest'
import { liesAhead, retryDelay } from './backoff'

describe('retryDelay', () => {
  it('doubles from two seconds to five minutes', () => {
    const most = (tries: number) => retryDelay(tries, () => 1)
    expect([1, 2, 3, 4].map(most)).toEqual([2000, 4000, 8000, 16_000])
    expect(most(50)).toBe(300_000)
  })
  it('draws half of it, so that phones do not return in step', () => {
    expect(retryDelay(3, () => 0)).toBe(4000)
    expect(retryDelay(3, () => 0.5)).toBe(6000)
  })
})

describe('liesAhead', () => {
  it('waits for a planned try and for none that a wrong clock planned', () => {
    const now = Date.UTC(2026, 4, 25)
    expect(liesAhead(now + 300_000, now)).toBe(true)
    expect(liesAhead(now, now)).toBe(false)
    expect(liesAhead(Date.UTC(2030, 0, 1), now)).toBe(false)
  })
})
