import { locale } from '@shared/kit/i18n'
import { beforeEach, expect, it } from 'vitest'
import { handledSentence, stepSentence, stepTimes, type TrustStep } from './trust'

const judged = (state: string, params: TrustStep['params']): TrustStep => ({
  step: 'judged',
  state,
  level: state === 'before' ? 'good' : 'warn',
  params: { who: '何静', ...params },
  at: null,
  remarks: [],
  technical: [],
})
beforeEach(() => {
  locale.value = 'zh'
})

it('tells whether the stamp came before the review, with both times to the second, the earlier first', () => {
  const before = judged('before', {
    reviewed_at: '2026-05-25T13:04:05.900000+00:00',
    stamped_at: '2026-05-25T13:04:05+00:00',
  })
  expect(stepSentence(before)).toBe('何静审核前已盖时间戳')
  expect(stepTimes(before)).toEqual(['时间戳 2026-05-25 21:04:05', '审核 2026-05-25 21:04:05'])
  const after = judged('after', {
    reviewed_at: '2026-05-25T13:04:05+00:00',
    stamped_at: '2026-05-25T14:00:00+00:00',
  })
  expect(stepSentence(after)).toBe('何静审核时尚无时间戳，此后才盖')
  expect(stepTimes(after)).toEqual(['审核 2026-05-25 21:04:05', '时间戳 2026-05-25 22:00:00'])
  const without = judged('without', { reviewed_at: '2026-05-25T13:04:05+00:00' })
  expect(stepSentence(without)).toBe('何静审核时尚无时间戳，至今也没有')
  expect(stepTimes(without)).toEqual(['审核 2026-05-25 21:04:05'])
  expect(stepSentence(judged('unproven', {}))).toBe('何静的审核记录与日志不符，先后无法判断')
})

it('has a word for taking a capture up, alone or with others', () => {
  const line = { at: '2026-05-25T13:04:05Z', act: 'capture.opened', by: '何静', detail: 'OPENED' }
  expect(handledSentence(line)).toBe('何静：打开待审核的证据')
  expect(handledSentence({ ...line, detail: 'PICKED' })).toBe('何静：选入批量审核')
})
