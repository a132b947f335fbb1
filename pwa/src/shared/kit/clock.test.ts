import { describe, expect, it } from 'vitest'
import { dayKey, formatBytes, formatDateTime } from './clock'
import { setLocale } from './i18n'

describe('clock', () => {
  it('writes dates as the office does, in Shanghai', async () => {
    expect(formatDateTime('2026-05-25T09:30:00Z')).toBe('2026年5月25日(周一)17:30')
    await setLocale('en')
    expect(formatDateTime('2026-05-25T09:30:00Z')).toBe('Mon 25 May 2026, 17:30')
    await setLocale('zh')
  })
  it('knows that the day begins at 16:00 UTC', () => {
    expect(dayKey('2026-05-24T15:59:59Z')).toBe('2026-05-24')
    expect(dayKey('2026-05-24T16:00:00Z')).toBe('2026-05-25')
  })
  it('gives sizes with units', () => {
    expect([0, 999, 4_812_345, 48_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '4.8 MB', '48 MB'])
  })
})
