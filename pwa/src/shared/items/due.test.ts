import { setLocale } from '@shared/kit/i18n'
import { afterEach, describe, expect, it } from 'vitest'
import { dueWords } from './due'

const now = Date.parse('2026-05-25T09:30:00Z')
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString()

describe('time left', () => {
  afterEach(() => setLocale('zh'))

  it('is days, then hours, then overdue', () => {
    expect(dueWords(at(24 * 9 + 1), 'ASSIGNED', now)).toEqual({ tone: 'neutral', text: '还剩 9 天' })
    expect(dueWords(at(49), 'ASSIGNED', now)).toEqual({ tone: 'warn', text: '还剩 2 天' })
    expect(dueWords(at(5.5), 'ASSIGNED', now)).toEqual({ tone: 'warn', text: '还剩 5 小时' })
    expect(dueWords(at(0.2), 'ASSIGNED', now)).toEqual({ tone: 'warn', text: '还剩 1 小时' })
    expect(dueWords(at(-0.2), 'ASSIGNED', now)).toEqual({ tone: 'bad', text: '逾期 1 小时' })
    expect(dueWords(at(-73), 'ASSIGNED', now)).toEqual({ tone: 'bad', text: '逾期 3 天' })
  })

  it('is nothing without a limit, after the end, and late no more once reported', () => {
    expect(dueWords(null, 'ASSIGNED', now)).toBeNull()
    expect(dueWords(undefined, 'ASSIGNED', now)).toBeNull()
    expect(dueWords(at(-73), 'CLOSED', now)).toBeNull()
    expect(dueWords(at(-73), 'UNDER_REVIEW', now)).toBeNull()
    expect(dueWords(at(73), 'REPORTED', now)?.text).toBe('还剩 3 天')
  })

  it('stands still while the item is suspended', () => {
    expect(dueWords(at(-73), 'SUSPENDED', now)).toEqual({ tone: 'neutral', text: '中止，不计时' })
  })

  it('is natural English', async () => {
    await setLocale('en')
    expect(dueWords(at(25), 'ASSIGNED', now)?.text).toBe('1 day left')
    expect(dueWords(at(-49), 'ASSIGNED', now)?.text).toBe('2 days overdue')
    expect(dueWords(at(0), 'SUSPENDED', now)?.text).toBe('suspended, clock stopped')
  })
})
