import { setLocale } from '@shared/kit/i18n'
import { afterEach, expect, it } from 'vitest'
import { limitText } from './days'

afterEach(() => setLocale('zh'))

it('says the last day of a limit, never midnight of the day after', async () => {
  expect(limitText('2026-11-24T16:00:00Z')).toBe('2026年11月24日(周二)24时前')
  expect(limitText('2026-05-25T09:30:00Z')).toBe('2026年5月25日(周一)17:30前')
  await setLocale('en')
  expect(limitText('2026-11-24T16:00:00Z')).toBe('by the end of Tue 24 Nov 2026')
  expect(limitText('2026-05-25T09:30:00Z')).toBe('by 17:30 on Mon 25 May 2026')
})
