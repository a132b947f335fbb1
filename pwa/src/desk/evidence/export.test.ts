/** The dialog tells the recipient the same as the README in the bundle: neither verifier nor trust policy from inside. */
import { expect, it } from 'vitest'
import en from './export.en'
import { zh } from './export.zh'

it('sends nobody to the programs that came along', () => {
  expect(zh.verify).not.toContain('data/tools')
  expect(en.verify).not.toContain('data/tools')
  expect(zh.verify).toMatch(/自己保存、并核对过校验值.*不要用包内附的那份/)
  expect(en.verify).toMatch(/of their own, whose digest they have compared, never .* enclosed/)
})
