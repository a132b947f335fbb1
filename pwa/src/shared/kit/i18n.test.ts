import { describe, expect, it } from 'vitest'
import { zh as domainZh } from '../words/zh'
import { dictionary, fill, preferredLocale, setLocale } from './i18n'

describe('words', () => {
  it('fills parameters and English plurals', () => {
    expect(fill('{n} {n|photo|photos}', { n: 1 })).toBe('1 photo')
    expect(fill('{n} {n|photo|photos}', { n: 0 })).toBe('0 photos')
    expect(fill('{missing}')).toBe('{missing}')
  })

  it('speaks Chinese until English has arrived', async () => {
    const t = dictionary({ hello: '你好，{name}' }, async () => ({ default: { hello: 'Hello, {name}' } }))
    expect(t('hello', { name: '林夏' })).toBe('你好，林夏')
    await setLocale('en')
    expect(t('hello', { name: '林夏' })).toBe('Hello, 林夏')
    await setLocale('zh')
    expect(t.maybe('nothing')).toBeNull()
  })

  it('prefers Chinese when the browser reads Chinese anywhere in its list', () => {
    expect(preferredLocale(['en-US', 'zh-Hans-CN'])).toBe('zh')
    expect(preferredLocale(['en-GB'])).toBe('en')
  })

  it('leaves no domain word empty', () => {
    expect(Object.values(domainZh).filter((word) => (word as string).trim() === '')).toEqual([])
  })
})
