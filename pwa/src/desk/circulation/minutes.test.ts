import { setLocale } from '@shared/kit/i18n'
import { afterEach, describe, expect, it } from 'vitest'
import { lengthText, minutesOf } from './minutes'

const delivered = '2026-05-25T02:00:00Z'
const stay = (hours: number, left: string | null = null) => ({
  delivered_at: delivered,
  due_at: new Date(Date.parse(delivered) + hours * 3_600_000).toISOString(),
  left_at: left,
})
const passed = (minutes: number) => Date.parse(delivered) + minutes * 60_000

describe('the minutes of a paper on a desk', () => {
  afterEach(() => setLocale('zh'))

  it('are too many a minute after the limit and not at it', () => {
    expect(minutesOf(stay(1), passed(60))).toMatchObject({ late: false, tone: 'warn', text: '还剩 0 分钟' })
    expect(minutesOf(stay(1), passed(61))).toMatchObject({ late: true, tone: 'bad', text: '超时 1 分钟' })
    expect(minutesOf(stay(72), passed(3 * 1440 + 1))).toMatchObject({ late: true, text: '超时 1 分钟' })
    expect(minutesOf(stay(72), passed(3 * 1440))).toMatchObject({ late: false })
  })

  it('warn in the last fifth', () => {
    expect(minutesOf(stay(10), passed(7 * 60))?.tone).toBe('neutral')
    expect(minutesOf(stay(10), passed(9 * 60))?.tone).toBe('warn')
  })

  it('stay as they were once it has left the desk', () => {
    const left = new Date(passed(90)).toISOString()
    expect(minutesOf(stay(1, left), passed(9999))).toMatchObject({ late: true, text: '超时 30 分钟' })
    expect(minutesOf(stay(2, left), passed(9999))).toMatchObject({
      late: false,
      tone: 'good',
      text: '停留 1 小时 30 分',
    })
  })

  it('only count where there is no limit, and not at all before delivery', () => {
    expect(minutesOf({ ...stay(1), due_at: null }, passed(1500))?.text).toBe('停留 1 天 1 小时')
    expect(minutesOf({ ...stay(1), delivered_at: null }, passed(1))).toBeNull()
  })

  it('are natural English', async () => {
    await setLocale('en')
    expect(lengthText(61 * 60_000)).toBe('1 h 1 min')
    expect(minutesOf(stay(1), passed(61))?.text).toBe('1 min over')
  })
})
