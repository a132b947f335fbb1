/**
 * Ed25519 verification by the letter of RFC 8032, section 5.1.7, for browsers whose WebCrypto lacks it (before Chrome
 * 137 and Safari 17). Everything here is public, so that it need not hide how long it takes.
 */
const P = 2n ** 255n - 19n
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const D = mod(-121665n * inverse(121666n))
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n)

/** Extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z. */
type Point = readonly [bigint, bigint, bigint, bigint]

const ZERO: Point = [0n, 1n, 1n, 0n]
const BASE = decoded(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0x58 : 0x66)))

function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let total = 1n
  let square = mod(base)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) total = mod(total * square)
    square = mod(square * square)
  }
  return total
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n)
}

function littleEndian(bytes: Uint8Array): bigint {
  let total = 0n
  for (const byte of [...bytes].reverse()) total = (total << 8n) | BigInt(byte)
  return total
}

/** `null` when the bytes are those of no point (section 5.1.3). */
function decoded(bytes: Uint8Array): Point | null {
  const whole = littleEndian(bytes)
  const y = whole & (2n ** 255n - 1n)
  if (y >= P) return null
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n))
  const candidate = power(square, (P + 3n) / 8n)
  const x = [candidate, mod(candidate * ROOT_OF_MINUS_ONE)].find((one) => mod(one * one) === square)
  const odd = whole >> 255n
  if (x === undefined || (x === 0n && odd === 1n)) return null
  const right = (x & 1n) === odd ? x : P - x
  return [right, y, 1n, mod(right * y)]
}

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2))
  const b = mod((y1 + x1) * (y2 + x2))
  const c = mod(2n * t1 * t2 * D)
  const d = mod(2n * z1 * z2)
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)]
}

const same = ([x1, y1, z1]: Point, [x2, y2, z2]: Point): boolean =>
  mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n

/** One pass over the bits of both numbers. */
function sumOfProducts(n: bigint, one: Point, m: bigint, other: Point): Point {
  const both = add(one, other)
  let total = ZERO
  for (let at = BigInt(Math.max(n.toString(2).length, m.toString(2).length)) - 1n; at >= 0n; at--) {
    total = add(total, total)
    const [first, second] = [(n >> at) & 1n, (m >> at) & 1n]
    if (first && second) total = add(total, both)
    else if (first) total = add(total, one)
    else if (second) total = add(total, other)
  }
  return total
}

export async function ed25519Holds(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64 || !BASE) return false
  const s = littleEndian(signature.slice(32))
  const point = decoded(key)
  const r = decoded(signature.slice(0, 32))
  if (s >= ORDER || !point || !r) return false
  const hashed = new Uint8Array(
    await crypto.subtle.digest('SHA-512', Uint8Array.of(...signature.slice(0, 32), ...key, ...message)),
  )
  const k = littleEndian(hashed) % ORDER
  const [x, y, z, t] = point
  return same(sumOfProducts(s, BASE, k, [mod(-x), y, z, mod(-t)]), r)
}
