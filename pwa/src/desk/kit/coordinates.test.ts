import { expect, it } from 'vitest'
import { parseCoordinates } from './coordinates'

it('reads a pasted pair', () => {
  expect(parseCoordinates('30.5123456, 114.3')).toEqual({ lat_e7: 305_123_456, lon_e7: 1_143_000_000 })
  expect(parseCoordinates('北纬30.5,东经114.3')).toEqual({ lat_e7: 305_000_000, lon_e7: 1_143_000_000 })
  expect(parseCoordinates('30.5° N 114.3° E')).toEqual({ lat_e7: 305_000_000, lon_e7: 1_143_000_000 })
})

it('refuses what is no place on earth', () => {
  for (const text of ['', '30.5', '114.3, 30.5', '30.5, 114.3, 5', 'a, b'])
    expect(parseCoordinates(text)).toBeNull()
})
