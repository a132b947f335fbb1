import { describe, expect, it } from 'vitest'
import { offset, plan, roundLength } from './place'

const site = { lat_e7: 305_000_000, lon_e7: 1_140_000_000 }

describe('offsets', () => {
  it('are metres east and north', () => {
    const { east, north } = offset(site, { lat_e7: 305_010_000, lon_e7: 1_140_010_000 })
    expect(north).toBeCloseTo(111.3, 0)
    expect(east).toBeCloseTo(95.9, 0)
  })
  it('take the short way across the date line', () => {
    expect(
      Math.abs(offset({ lat_e7: 0, lon_e7: 1_799_990_000 }, { lat_e7: 0, lon_e7: -1_799_990_000 }).east),
    ).toBeLessThan(250)
  })
})

describe('the drawing', () => {
  it('holds both circles whole', () => {
    const drawn = plan({ ...site, radius: 300 }, { lat_e7: 305_100_000, lon_e7: 1_140_000_000, accuracy: 20 })
    expect(drawn).not.toBeNull()
    for (const circle of [drawn?.site, drawn?.fix]) {
      if (!circle || !drawn) throw new Error('missing circle')
      expect(circle.x - circle.r).toBeGreaterThanOrEqual(0)
      expect(circle.y - circle.r).toBeGreaterThanOrEqual(0)
      expect(circle.x + circle.r).toBeLessThanOrEqual(drawn.span)
      expect(circle.y + circle.r).toBeLessThanOrEqual(drawn.span)
    }
    expect((drawn?.fix?.y ?? 0) < (drawn?.site?.y ?? 0)).toBe(true)
  })
  it('is nothing without a place, and something with one', () => {
    expect(plan(null, null)).toBeNull()
    expect(plan(null, { ...site, accuracy: 5 })?.site).toBeNull()
  })
})

it('scale bars are 1, 2 or 5 times a power of ten', () => {
  expect([3, 19, 49, 70, 240].map(roundLength)).toEqual([2, 10, 20, 50, 200])
})
