import { Refused, Unreachable } from '@shared/kit/api'
import { expect, it } from 'vitest'
import { missing, useSending } from './sending'

const refusal = (errors: { field: string; code: string; detail: string }[]) =>
  new Refused({ status: 422, code: 'invalid_input', errors } as never, new Headers())

it('sends nothing while something is lacking', async () => {
  const { wrong, busy, send } = useSending()
  let sent = 0
  await send({ title: 'Fill this in.' }, async () => {
    sent += 1
  })
  expect([sent, wrong.value, busy.value]).toEqual([0, { title: 'Fill this in.' }, false])
})

it('is busy for as long as the act takes, and has nothing to tell when it succeeds', async () => {
  const { wrong, failed, busy, send } = useSending()
  await send({ title: 'Fill this in.' }, async () => {})
  let during = false
  await send({}, async () => {
    during = busy.value
  })
  expect([during, busy.value, wrong.value, failed.value]).toEqual([true, false, {}, null])
})

it('tells what the server refuses, by field and as a whole, and forgets it with the next try', async () => {
  const { wrong, failed, busy, send } = useSending()
  await send({}, () => Promise.reject(refusal([{ field: 'title', code: 'odd', detail: 'Odd.' }])))
  expect(Object.keys(wrong.value)).toEqual(['title'])
  expect(failed.value).toBeTruthy()
  expect(busy.value).toBe(false)
  await send({ on: 'Fill this in.' }, async () => {})
  expect([wrong.value, failed.value]).toEqual([{ on: 'Fill this in.' }, null])
})

it('uses the words of its own page where it has some', async () => {
  const { wrong, failed, send } = useSending(() => ({ sentence: 'No.', fields: { a: 'b' } }))
  await send({}, () => Promise.reject(new Unreachable('offline')))
  expect([wrong.value, failed.value]).toEqual([{ a: 'b' }, 'No.'])
})

it('tells a failed preparation without blocking the form', async () => {
  const { failed, busy, prepare, clear } = useSending()
  await prepare(() => Promise.reject(new Unreachable('offline')))
  expect([Boolean(failed.value), busy.value]).toEqual([true, false])
  clear()
  expect(failed.value).toBe(null)
})

it('names the fields that were left empty', () => {
  const found = missing({ a: ' ', b: 'x', c: [], d: ['x'], e: null })
  expect(Object.keys(found)).toEqual(['a', 'c', 'e'])
  expect(found.a).toBe('请填写这一项。')
})
