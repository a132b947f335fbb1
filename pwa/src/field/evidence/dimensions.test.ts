import { HEIC_BRANDS } from '@shared/api/limits'
import { describe, expect, it } from 'vitest'
import { dimensions, mediaType } from './dimensions'

const jpeg = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xe1, 0x00, 0x04, 0x00, 0x00, 0xff, 0xc4, 0x00, 0x03, 0x00, 0xff, 0xc2, 0x00, 0x11, 0x08,
  0x0b, 0xd0, 0x0f, 0xc0, 0x03, 0x00, 0x00, 0x00, 0x00,
])

describe('what the bytes say', () => {
  it('reads a progressive JPEG past EXIF and Huffman tables', () => {
    expect(dimensions(jpeg)).toEqual({ width: 4032, height: 3024 })
    expect(mediaType(jpeg, 'text/plain')).toBe('image/jpeg')
  })
  it('does not invent a size for a broken or unknown file', () => {
    expect(dimensions(jpeg.subarray(0, 12))).toEqual({ width: 0, height: 0 })
    expect(dimensions(new Uint8Array())).toEqual({ width: 0, height: 0 })
  })
  const container = (brand: string, ...compatible: string[]) => {
    const bytes = new TextEncoder().encode(`\0\0\0\0ftyp${brand}\0\0\0\0${compatible.join('')}`)
    bytes[3] = bytes.length
    return bytes
  }
  it.each(HEIC_BRANDS)('knows HEIC by the brand %s, as the server does', (brand) => {
    expect(mediaType(container(brand, 'mif1', 'heic'), '')).toBe('image/heic')
  })
  it('does not take AVIF for HEIC', () => {
    expect(mediaType(container('mif1', 'avif', 'miaf'), 'image/avif')).toBe('image/avif')
    expect(mediaType(container('avif', 'mif1'), 'image/avif')).toBe('image/avif')
  })
  it('knows HEIC by its brand and trusts the browser only for what it does not know', () => {
    const heic = new TextEncoder().encode('\0\0\0\x18ftypheic')
    expect(mediaType(heic, '')).toBe('image/heic')
    expect(mediaType(new Uint8Array([1, 2, 3]), 'image/avif')).toBe('image/avif')
  })
})
