import { expect, it } from 'vitest'
import { unfit } from './password'

it('says what is wrong with a new password', () => {
  expect(unfit('', 'x')).toBe('short')
  expect(unfit('123456789', 'x')).toBe('short')
  expect(unfit('🦆🦆🦆🦆🦆', 'x')).toBe('short')
  expect(unfit('the-old-one', 'the-old-one')).toBe('same')
  expect(unfit('春江潮水连海平海上明月', 'x')).toBeNull()
})
