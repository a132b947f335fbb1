import { hex, utf8 } from '@shared/kit/crypto/encoding'
import { sha256 } from '@shared/kit/crypto/keys'
import { describe, expect, it } from 'vitest'
import { qr, qrPath, TooLong } from './qr'
import vectors from './qr.vectors.json'

const asText = (modules: boolean[][]) => modules.map((row) => row.map(Number).join('')).join('')

describe('qr', () => {
  it.each(vectors.codes.map((code) => [code.version, code.mask, code] as const))(
    'draws version %i with mask %i as another encoder does',
    async (version, mask, { text, sha256: expected }) => {
      const modules = qr(text, mask)
      expect(modules).toHaveLength(version * 4 + 17)
      expect(hex(await sha256(utf8(asText(modules))))).toBe(expected)
    },
  )

  it('chooses one of the eight masks', () => {
    const chosen = asText(qr('zhicha-seal/1'))
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((mask) => asText(qr('zhicha-seal/1', mask)))).toContain(chosen)
  })

  it('refuses what does not fit', () => {
    expect(qr('x'.repeat(213))).toHaveLength(57)
    expect(() => qr('x'.repeat(214))).toThrow(TooLong)
  })

  it('is one path', () => {
    expect(
      qrPath([
        [true, false],
        [false, true],
      ]),
    ).toBe('M0 0h1v1h-1zM1 1h1v1h-1z')
  })
})
