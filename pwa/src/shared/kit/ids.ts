/**
 * UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random. Whoever creates a thing mints its id, so that a
 * retry is recognised. A counter keeps ids of the same millisecond in order.
 */
let lastMs = 0
let counter = 0

export function newId(nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = (((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)) & 0x07ff
  } else {
    counter += 1
    if (counter > 0x0fff) {
      counter = 0
      lastMs += 1
    }
  }
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(lastMs / 2 ** (8 * (5 - index))) & 0xff
  bytes[6] = 0x70 | (counter >> 8)
  bytes[7] = counter & 0xff
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
