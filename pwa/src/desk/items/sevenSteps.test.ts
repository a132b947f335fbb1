import { expect, it } from 'vitest'
import type { ItemStep } from './process'
import { sevenSteps } from './sevenSteps'

const step = (act: string): ItemStep => ({
  id: act,
  act,
  from_state: null,
  to_state: 'X',
  actor: null,
  at: '2026-05-25T09:30:00Z',
  opinion: '',
  attachment: null,
  data: {},
})
const line = (state: string, ...acts: string[]) =>
  sevenSteps(state, acts.map(step))
    .map((one) => one.is)
    .join(' ')

it('marks what is done, where it stands, and what comes', () => {
  expect(line('REGISTERED', 'register')).toBe('done now later later later later later')
  expect(line('UNDER_APPROVAL', 'register', 'propose')).toBe('done done now later later later later')
  expect(line('IN_PROGRESS', 'register', 'propose', 'establish', 'confirm_method')).toBe(
    'done done done done now later later',
  )
  expect(line('ARCHIVED')).toBe('done done done done done done done')
})

it('shows nothing ahead of an item that left the line', () => {
  expect(line('NOT_ESTABLISHED', 'register')).toBe('done ended ended ended ended ended ended')
})

it('takes the proposal that counts, not the one that was sent back', () => {
  const shown = sevenSteps('PROPOSED', [step('register'), step('propose'), step('send_back')])
  expect(shown[1]).toMatchObject({ is: 'now', step: null })
})
