import { setLocale } from '@shared/kit/i18n'
import { afterEach, describe, expect, it } from 'vitest'
import { durationText, reasonSentence } from './plausibility'
import english from './plausibility.en'
import { zh } from './plausibility.zh'

/** Every code of server/evidence/rules.py with parameters as it sends them. */
const CODES: [string, Record<string, string | number>][] = [
  ['after_revocation', {}],
  ['revocation_asked', {}],
  ['late', { seconds: 60 * 3600 }],
  ['device_unconfirmed', {}],
  ['discard_refused', {}],
  ['original_differs', {}],
  ['chain_forked', {}],
  ['passkey_counter_stood', {}],
  ['clock_before_enrolment', { seconds: 86_400 * 9 }],
  ['clock_before_server', { seconds: 7200 }],
  ['private_withheld', {}],
  ['outside_session', {}],
  ['at_other_site', { why: 'named' }],
  ['at_other_site', { why: 'within' }],
  ['clock_ahead_of_arrival', { seconds: 7200 }],
  ['clock_differs_from_server', { seconds: 90 }],
  ['clock_differs_from_server', { seconds: -7260 }],
  ['clock_set_back', { seconds: 7200 }],
  ['clock_set_forward', { seconds: 45 }],
  ['no_fix', { why: 'denied' }],
  ['no_fix', { why: 'unknown' }],
  ['fix_inaccurate', { metres: 340 }],
  ['fix_old', { seconds: 650 }],
  ['fix_newer_than_capture', { seconds: 70 }],
  ['at_site', { metres: 40, radius: 300 }],
  ['away_from_site', { metres: 5230, radius: 300 }],
  ['point_repeated', {}],
  ['too_fast', { metres: 5000, seconds: 30, kmh: 600 }],
  ['from_file', { source: 'import' }],
  ['exif_time_differs', { seconds: 86_400 * 3, taken_at: '2026-05-22T17:30:00' }],
  ['exif_place_differs', { metres: 2000 }],
  ['nothing_unusual', {}],
]

describe('reasons', () => {
  afterEach(() => setLocale('zh'))

  it.each(['zh', 'en'] as const)('are whole sentences for every code (%s)', async (language) => {
    await setLocale(language)
    for (const [code, params] of CODES) {
      const sentence = reasonSentence({ code, params })
      expect(sentence, code).not.toContain(code)
      expect(sentence, code).not.toMatch(/[{}]|undefined|NaN/)
      expect(sentence, code).toMatch(/[。.]$/)
    }
  })

  it('say what happened in words of people', () => {
    expect(reasonSentence({ code: 'clock_set_back', params: { seconds: 7200 } })).toBe(
      '与前一次拍摄之间，手机时钟被拨回约 2 小时。',
    )
    expect(reasonSentence({ code: 'clock_differs_from_server', params: { seconds: -7260 } })).toBe(
      '手机时钟比服务器时间慢 2 小时 1 分钟。',
    )
    expect(reasonSentence({ code: 'away_from_site', params: { metres: 5230, radius: 300 } })).toBe(
      '拍摄位置距点位中心 5.2 公里，超出点位范围（300 米）。',
    )
  })

  it('name a code from the future instead of hiding it', () => {
    expect(reasonSentence({ code: 'made_of_cheese', params: {} })).toContain('made_of_cheese')
  })

  it('have the same parameters in both languages', () => {
    const names = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort()
    for (const key of Object.keys(zh) as (keyof typeof zh)[])
      expect(names(english[key]), key).toEqual(names(zh[key]))
  })
})

it('durations are rounded to what matters', async () => {
  await setLocale('en')
  expect([1, 59, 150, 3600 * 2, 3600 * 5 + 240, 86_400 * 3].map(durationText)).toEqual([
    '1 second',
    '59 seconds',
    '3 minutes',
    '2 hours',
    '5 h 4 min',
    '3 days',
  ])
  await setLocale('zh')
})
