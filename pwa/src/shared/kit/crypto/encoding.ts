/** base64url without padding and lower-case hex, the two spellings of bytes on the wire. */
type Bytes = Uint8Array<ArrayBuffer>

const view = (bytes: ArrayBuffer | Uint8Array): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)

export function base64(bytes: ArrayBuffer | Uint8Array): string {
  let binary = ''
  for (const byte of view(bytes)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export const base64url = (bytes: ArrayBuffer | Uint8Array): string =>
  base64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

export const fromBase64url = (text: string): Bytes => fromBase64(text.replace(/-/g, '+').replace(/_/g, '/'))

export function fromBase64(text: string): Bytes {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

export const hex = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(view(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)
