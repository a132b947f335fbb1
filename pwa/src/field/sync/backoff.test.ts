import { describe, expect, it } from 'vitest'
import { retryDelay } from './backoff'

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
