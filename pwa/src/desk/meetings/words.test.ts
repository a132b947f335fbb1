/** The names that the desk shows are those of the server's tables, in both languages. */
import { described } from '@shared/api/lifecycles'
import { expect, it } from 'vitest'
import planEn from '../items/plan/words.en'
import { zh as planZh } from '../items/plan/words.zh'
import en from './words.en'
import { zh } from './words.zh'

type Words = Readonly<Record<string, string>>

it.each([
  ['kind', described.lists.meeting_kind, zh as Words, en as Words],
  ['standing', described.lists.standing, planZh as Words, planEn as Words],
] as const)('%s', (prefix, names, inChinese, inEnglish) => {
  for (const name of names) {
    expect(inChinese[`${prefix}.${name.code}`]).toBe(name.zh)
    expect(inEnglish[`${prefix}.${name.code}`]).toBe(name.en)
  }
})
