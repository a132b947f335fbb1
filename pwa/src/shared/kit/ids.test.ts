import { describe, expect, it } from 'vitest'
import { newId } from './ids'

describe('newId', () => {
  it('is a UUIDv7 that carries its moment', () => {
    const id = newId(1_800_000_000_123)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_800_000_000_123)
  })

  it('keeps its order within a millisecond and when the clock goes back', () => {
    const ids = Array.from({ length: 6000 }, (_, index) => newId(1_900_000_000_000 - (index % 3)))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
