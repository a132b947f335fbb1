import { expect, it } from 'vitest'
import { asInstant, asLocal, fromText, recipientsOf, toText } from './form'

it('comes back as it was sent', () => {
  const form = fromText(null, null)
  form.mode = 'JOINT'
  form.task = '修复路面'
  form.standard = '平整度达标'
  form.kind = 'length'
  form.recipients = [
    { unit: 'a', person: 'p', task: '', kind: 'none', n: 7, unitOf: 'DAYS', at: '' },
    { unit: 'b', person: '', task: '', kind: 'none', n: 7, unitOf: 'DAYS', at: '' },
  ]
  const text = toText(form, 'TASK_NOTICE')
  expect(text.limit).toEqual({ n: 7, unit: 'WORKING_DAYS' })
  expect(recipientsOf(text).map((one) => one.assists)).toEqual([false, true])
  expect(toText(fromText(text, null), 'TASK_NOTICE')).toEqual(text)
})

it('says of a coordination slip by when each unit is done', () => {
  const form = fromText(null, null)
  form.recipients = [
    { unit: 'a', person: 'p', task: '迁管', kind: 'day', n: 7, unitOf: 'DAYS', at: '2026-05-25T17:30' },
  ]
  const text = toText(form, 'COORDINATION')
  expect(text.limit).toBeNull()
  expect(recipientsOf(text)[0]?.limit_at).toBe('2026-05-25T17:30:00+08:00')
})

it('shows and reads local time as Shanghai time', () => {
  expect(asLocal('2026-05-25T09:30:00Z')).toBe('2026-05-25T17:30')
  expect(Date.parse(asInstant('2026-05-25T17:30'))).toBe(Date.parse('2026-05-25T09:30:00Z'))
})
