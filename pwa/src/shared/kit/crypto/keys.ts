/** SHA-256 and one P-256 key per capture session; the private key cannot leave the browser. */
type Bytes = Uint8Array<ArrayBuffer>

export const sha256 = async (bytes: ArrayBuffer | Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const WITH_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const

export interface SigningKey {
  readonly privateKey: CryptoKey
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
}

export async function newSigningKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(P256, false, ['sign', 'verify'])
  return {
    privateKey: pair.privateKey,
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
  }
}

/** 64 bytes r‖s (P1363), as WebCrypto gives them. */
export const sign = async (key: CryptoKey, bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign(WITH_SHA256, key, bytes))

export async function verify(spki: Bytes, signature: Bytes, bytes: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', spki, P256, false, ['verify'])
  return crypto.subtle.verify(WITH_SHA256, key, signature, bytes)
}
