/**
 * Passkeys of this phone (WebAuthn). They confirm that the person, and not only the phone, began and sealed a chain;
 * nothing waits for them: without one, or when the person cancels, the act happens all the same and says so.
 */
import type { PasskeyOptions, PasskeyView } from '@shared/api/contract'
import { request } from '@shared/kit/api'
import { base64url, fromBase64url } from '@shared/kit/crypto/encoding'
import { newId } from '@shared/kit/ids'
import { getValue, setValue } from '../db/db'
import type { PasskeyProof } from '../evidence/statement'
import { device } from './session'

/** Credential ids (base64url) that were made on this phone: others would make the phone ask for another device. */
const HERE = 'passkeys'
const WAIT_MS = 60_000

export const passkeysSupported = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && navigator.credentials !== undefined

export const passkeysHere = async (): Promise<readonly string[]> =>
  passkeysSupported() ? ((await getValue<string[]>(HERE)) ?? []) : []

/** The person said no, or the phone has no screen lock. */
export class PasskeyCancelled extends Error {
  override readonly name = 'PasskeyCancelled'
}

export async function makePasskey(): Promise<void> {
  const options = await request<PasskeyOptions>('/api/passkeys/options', { method: 'POST' })
  const made = await create(options)
  if (made === 'known') return setValue(HERE, options.exclude_credentials)
  const response = made.response as AuthenticatorAttestationResponse
  const credential_id = base64url(made.rawId)
  const key = response.getPublicKey()
  if (!key) throw new PasskeyCancelled()
  await request<PasskeyView>('/api/passkeys', {
    json: {
      id: newId(),
      name: device.value?.name ?? '',
      challenge: options.challenge,
      credential_id,
      public_key: base64url(key),
      authenticator_data: base64url(response.getAuthenticatorData()),
      client_data_json: base64url(response.clientDataJSON),
      transports: response.getTransports(),
    },
  })
  await setValue(HERE, [...(await passkeysHere()), credential_id])
}

/** `known`: this phone has one of the person's passkeys already, from before a new sign-in. */
async function create(options: PasskeyOptions): Promise<PublicKeyCredential | 'known'> {
  const known = options.exclude_credentials.map((id) => ({
    type: 'public-key' as const,
    id: fromBase64url(id),
  }))
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: options.rp,
        user: {
          id: fromBase64url(options.user.id),
          name: options.user.name,
          displayName: options.user.display_name,
        },
        challenge: fromBase64url(options.challenge),
        pubKeyCredParams: options.pub_key_cred_params,
        excludeCredentials: known,
        timeout: options.timeout_ms,
        attestation: options.attestation,
        authenticatorSelection: {
          residentKey: options.resident_key,
          userVerification: options.user_verification,
        },
      },
    })
    if (made) return made as PublicKeyCredential
  } catch (error) {
    if ((error as Error).name === 'InvalidStateError') return 'known'
    console.warn(error)
  }
  throw new PasskeyCancelled()
}

export const listPasskeys = (): Promise<PasskeyView[]> => request<PasskeyView[]>('/api/passkeys')

export async function removePasskey({ id, credential_id }: PasskeyView): Promise<void> {
  await request(`/api/passkeys/${id}`, { method: 'DELETE' })
  await setValue(
    HERE,
    (await passkeysHere()).filter((known) => known !== credential_id),
  )
}

/** Also without a network. `null`: none on this phone, cancelled, or too late. */
export async function confirmWithPasskey(challenge: Uint8Array<ArrayBuffer>): Promise<PasskeyProof | null> {
  const here = await passkeysHere()
  if (here.length === 0) return null
  try {
    const found = await navigator.credentials.get({
      publicKey: {
        challenge,
        allowCredentials: here.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
        userVerification: 'required',
        timeout: WAIT_MS,
      },
    })
    if (!found) return null
    const { rawId, response } = found as PublicKeyCredential
    const signed = response as AuthenticatorAssertionResponse
    return {
      credential_id: base64url(rawId),
      authenticator_data: base64url(signed.authenticatorData),
      client_data_json: base64url(signed.clientDataJSON),
      signature: base64url(signed.signature),
    }
  } catch (error) {
    console.warn(error)
    return null
  }
}
