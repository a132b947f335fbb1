import { setLocale } from '@shared/kit/i18n'
import { afterEach, expect, it } from 'vitest'
import { limitText } from './limit'

afterEach(() => setLocale('zh'))

it('ends a limit of days on its last day, not on the next', async () => {
  expect(limitText('2026-05-25T16:00:00Z')).toBe('2026年5月25日(周一)24:00')
  expect(limitText('2026-05-25T09:30:00Z')).toBe('2026年5月25日(周一)17:30')
  await setLocale('en')
  expect(limitText('2026-05-25T16:00:00Z')).toBe('Mon 25 May 2026, 24:00')
})
