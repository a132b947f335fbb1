/** What a photo's bytes say of it. */
import { HEIC_BRANDS } from '@shared/api/limits'

/**
 * Width and height from the header, without decoding: decoding a 24-megapixel photo would take longer than
 * saving it. Zero when the format does not say (HEIC); the server finds out later.
 */
export function dimensions(bytes: Uint8Array): { width: number; height: number } {
  return ofPng(bytes) ?? ofJpeg(bytes) ?? { width: 0, height: 0 }
}

function ofPng(bytes: Uint8Array): { width: number; height: number } | null {
  if (bytes.length < 24 || bytes[0] !== 0x89 || bytes[1] !== 0x50 || bytes[2] !== 0x4e || bytes[3] !== 0x47)
    return null
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Walks the markers to the frame header (SOF0–SOF15 without DHT, JPG and DAC). */
function ofJpeg(bytes: Uint8Array): { width: number; height: number } | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 2
  while (at + 9 < bytes.length && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    if (marker === 0xda || marker === 0xd9) return null
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

const KNOWN: readonly (readonly [string, (bytes: Uint8Array) => boolean])[] = [
  ['image/jpeg', (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  ['image/png', (b) => b[0] === 0x89 && b[1] === 0x50 && b[2] === 0x4e && b[3] === 0x47],
  ['image/webp', (b) => ascii(b, 0, 4) === 'RIFF' && ascii(b, 8, 12) === 'WEBP'],
  ['image/heic', isHeic],
]

/** As the server decides it: by the main brand, unless a compatible one says that it is AVIF. */
function isHeic(bytes: Uint8Array): boolean {
  if (bytes.length < 12 || ascii(bytes, 4, 8) !== 'ftyp' || !HEIC_BRANDS.includes(ascii(bytes, 8, 12)))
    return false
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  for (let at = 16; at + 4 <= Math.min(length, bytes.length, 64); at += 4)
    if (/^avi[fs]$/.test(ascii(bytes, at, at + 4))) return false
  return true
}

const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to))

/** What the bytes are, not what the name says; the browser's word only where the bytes are unknown. */
export const mediaType = (bytes: Uint8Array, declared: string): string =>
  KNOWN.find(([, matches]) => matches(bytes))?.[0] ?? (declared || 'application/octet-stream')
