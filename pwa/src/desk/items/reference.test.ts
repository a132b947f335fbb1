import { expect, it } from 'vitest'
import { normalReference } from './reference'

it.each([
  ['云府办发[2026]7号', '云府办发〔2026〕7号'],
  [' 云府办发 (2026) 第007 号', '云府办发〔2026〕7号'],
  ['云府办发\uFF082026\uFF09\uFF17号', '云府办发〔2026〕7号'],
  ['县政府第12次常务会议纪要', '县政府第12次常务会议纪要'],
])('%s', (typed, normal) => {
  expect(normalReference(typed)).toBe(normal)
})
