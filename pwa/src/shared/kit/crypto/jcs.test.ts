import { describe, expect, it } from 'vitest'
import { canonical, canonicalBytes, type Json, NotCanonical } from './jcs'

describe('canonical', () => {
  it('sorts keys by UTF-16 code units, so an astral key comes before U+E000 and above', () => {
    const astral = '\u{1F600}'
    const beyond = '\uFB33'
    expect(canonical({ [beyond]: 1, [astral]: 2, a: 3 })).toBe(`{"a":3,"${astral}":2,"${beyond}":1}`)
  })

  it('writes the example of RFC 8785, section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const order = [...canonical(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('escapes as JSON does and leaves Chinese as it is', () => {
    expect(canonical('督查\n"\u0007/')).toBe('"督查\\n\\"\\u0007/"')
    expect(new TextDecoder().decode(canonicalBytes({ 名: '直查' }))).toBe('{"名":"直查"}')
  })

  it('refuses what the evidence format does not allow', () => {
    for (const value of [1.5, Number.NaN, 2 ** 53, '\ud800', [undefined], new Date(), { a: undefined }]) {
      expect(() => canonical(value as unknown as Json)).toThrow(NotCanonical)
    }
  })

  it('writes minus zero as zero', () => {
    expect(canonical([-0, 0, -1])).toBe('[0,0,-1]')
  })
})
