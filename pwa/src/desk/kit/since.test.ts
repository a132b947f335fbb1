import { setLocale } from '@shared/kit/i18n'
import { afterEach, expect, it } from 'vitest'
import { sinceText } from './since'

const now = Date.parse('2026-05-25T09:30:00Z')
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
afterEach(() => setLocale('zh'))

it('a fresh thing is just now, also when the clocks differ a little', () => {
  expect(sinceText(at(-5), now)).toBe('刚刚')
  expect(sinceText(at(20), now)).toBe('刚刚')
})

it('older things count minutes, hours and days', async () => {
  expect(sinceText(at(-180), now)).toBe('3分钟前')
  expect(sinceText(at(-7200), now)).toBe('2小时前')
  await setLocale('en')
  expect(sinceText(at(-86_400 * 3), now)).toBe('3 days ago')
})
