/**
 * RFC 8785 (JCS) restricted as the evidence format demands: objects, arrays, strings, safe integers, booleans and
 * null. JavaScript's default sort compares UTF-16 code units, which is exactly the order JCS wants, also for
 * characters beyond the basic plane. Floats, `undefined`, lone surrogates and exotic objects are refused.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export class NotCanonical extends Error {
  override readonly name = 'NotCanonical'
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new NotCanonical('lone surrogate in a string')
  return JSON.stringify(value)
}

export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new NotCanonical(`not a safe integer: ${value}`)
    return Object.is(value, -0) ? '0' : String(value)
  }
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry as Json)).join(',')}]`
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new NotCanonical(`cannot be written canonically: ${typeof value}`)
  }
  const members = value as { readonly [key: string]: Json }
  const keys = Object.keys(members).sort()
  return `{${keys.map((key) => `${text(key)}:${canonical(members[key] as Json)}`).join(',')}}`
}

export const canonicalBytes = (value: Json): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(canonical(value))
