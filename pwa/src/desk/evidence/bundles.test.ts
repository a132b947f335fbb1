import { expect, test } from 'vitest'
import { type Bundle, bundleFile, tooEarly } from './bundles'

const made = (signed: number, needed: number): Bundle =>
  ({ id: 'b', witnesses_signed: signed, witnesses_needed: needed }) as Bundle

test('a bundle that witnesses asked for would refuse is fetched only by who says early', () => {
  expect(tooEarly(made(1, 2))).toBe(true)
  expect(bundleFile(made(1, 2))).toBe('/api/bundles/b/file?early=true')
})

test('enough witnesses, or none asked for, is nothing to wait for', () => {
  for (const one of [made(2, 2), made(0, 0)]) {
    expect(tooEarly(one)).toBe(false)
    expect(bundleFile(one)).toBe('/api/bundles/b/file')
  }
})
