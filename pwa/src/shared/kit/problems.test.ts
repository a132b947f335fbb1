import type { Problem } from '@shared/api/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { Refused } from './api'
import { setLocale } from './i18n'
import { sentenceFor } from './problems'
import english from './words.en'
import { zh } from './words.zh'

const refused = (code: string) =>
  new Refused(
    {
      type: `urn:zhicha:problem:${code}`,
      title: 'The serial is taken.',
      title_zh: '该编号已被占用。',
      status: 409,
      detail: 'The serial 7 is taken.',
      code,
      params: {},
      errors: [],
    } as Problem,
    new Headers(),
  )

describe('a refusal is told', () => {
  afterEach(() => setLocale('zh'))

  it('in the words of this build where it has any', async () => {
    expect(sentenceFor(refused('signature_invalid'))).toBe(zh['problem.signature_invalid'])
    expect(sentenceFor(refused('bad_statement'))).toContain('原件仍在本机')
    await setLocale('en')
    expect(sentenceFor(refused('bad_statement'))).toBe(english['problem.bad_statement'])
  })

  it('in the words of the server otherwise, in the language of the reader', async () => {
    expect(sentenceFor(refused('serial_taken'))).toBe('该编号已被占用。')
    await setLocale('en')
    expect(sentenceFor(refused('serial_taken'))).toBe('The serial 7 is taken.')
  })
})
