/** The signed statements of `evidence`: pure construction, no storage and no clock. */
import type { Position } from '@shared/api/contract'
import { base64url } from '@shared/kit/crypto/encoding'
import { canonicalBytes } from '@shared/kit/crypto/jcs'
import { sha256 } from '@shared/kit/crypto/keys'
import type { GpsError, MediaSource } from '../db/rows'

type Bytes = Uint8Array<ArrayBuffer>

export interface ClockPair {
  wall_ms: number
  mono_ms: number
  tz_min: number
}

/** What a passkey signed beside a statement: an assertion whose challenge is the statement's SHA-256; base64url. */
export interface PasskeyProof {
  credential_id: string
  authenticator_data: string
  client_data_json: string
  signature: string
}

/** The last checkpoint of the log and the last server time that this phone saw, and its own clock then. */
export interface AnchorFacts {
  cp: string | null
  size: number
  srv_ms: number
  mono_ms: number
}

export interface SessionFacts {
  id: string
  spki: Bytes
  device_id: string
  person_id: string
  visit_id: string
  from_ms: number
  to_ms: number
  app: string
  prev_seal: string | null
}

export async function sessionStatement(facts: SessionFacts): Promise<{ bytes: Bytes; dev: string }> {
  const dev = base64url(await sha256(facts.spki))
  const bytes = canonicalBytes({
    t: 'session/1',
    id: facts.id,
    dev,
    spki: base64url(facts.spki),
    device: facts.device_id,
    who: facts.person_id,
    visit: facts.visit_id,
    co: [],
    from_ms: facts.from_ms,
    to_ms: facts.to_ms,
    app: facts.app,
    prev_seal: facts.prev_seal,
  })
  return { bytes, dev }
}

export interface Link {
  dev: string
  session_id: string
  seq: number
  prev: string
}

export interface CaptureFacts {
  id: string
  visit_id: string
  item_id: string
  site_id: string | null
  media: { sha256: Bytes; bytes: number; type: string; width: number; height: number; src: MediaSource }
  clock: ClockPair
  anchor: AnchorFacts | null
  private_sha256: Bytes
  online: boolean
}

export const captureStatement = (facts: CaptureFacts, link: Link): Bytes =>
  canonicalBytes({
    t: 'capture/1',
    id: facts.id,
    dev: link.dev,
    ses: link.session_id,
    seq: link.seq,
    prev: link.prev,
    visit: facts.visit_id,
    item: facts.item_id,
    site: facts.site_id,
    media: [
      {
        role: 'original',
        sha256: base64url(facts.media.sha256),
        bytes: facts.media.bytes,
        type: facts.media.type,
        w: facts.media.width,
        h: facts.media.height,
        src: facts.media.src,
      },
    ],
    clock: { ...facts.clock },
    anchor: facts.anchor ? { ...facts.anchor } : null,
    priv_h: base64url(facts.private_sha256),
    net: facts.online ? 'online' : 'offline',
  })

/** Salted and apart from the statement, so that it can be withheld or lawfully deleted. */
export const privatePart = (part: {
  salt: Bytes
  person_id: string
  gps: Position | null
  gps_error: GpsError | null
  note: string | null
}): Bytes =>
  canonicalBytes({
    salt: base64url(part.salt),
    who: part.person_id,
    gps: part.gps ? { ...part.gps } : null,
    gps_error: part.gps_error,
    note: part.note,
  })

/** Declares a capture void; the capture stays, with this beside it. */
export const discardStatement = (
  facts: { id: string; capture: string; reason: string; clock: ClockPair },
  link: Link,
): Bytes =>
  canonicalBytes({
    t: 'discard/1',
    id: facts.id,
    dev: link.dev,
    ses: link.session_id,
    seq: link.seq,
    prev: link.prev,
    capture: facts.capture,
    reason: facts.reason,
    clock: { ...facts.clock },
  })

/** A remark to a capture, or to the whole visit; the text lies in the private part. */
export const noteStatement = (
  facts: { id: string; about: string | null; clock: ClockPair; private_sha256: Bytes },
  link: Link,
): Bytes =>
  canonicalBytes({
    t: 'note/1',
    id: facts.id,
    dev: link.dev,
    ses: link.session_id,
    seq: link.seq,
    prev: link.prev,
    about: facts.about,
    clock: { ...facts.clock },
    priv_h: base64url(facts.private_sha256),
  })

export interface CosignFacts {
  id: string
  /** base64url SHA-256 of the seal's statement. */
  seal: string
  party: 'officer' | 'unit'
  outcome: 'signed' | 'refused'
  clock: ClockPair
  private_sha256: Bytes
}

/** Somebody else stands by the seal, or refuses to; follows the seal in its chain. Who and why: the private part. */
export const cosignStatement = (facts: CosignFacts, link: Link): Bytes =>
  canonicalBytes({
    t: 'cosign/1',
    id: facts.id,
    dev: link.dev,
    ses: link.session_id,
    seq: link.seq,
    prev: link.prev,
    seal: facts.seal,
    party: facts.party,
    outcome: facts.outcome,
    clock: { ...facts.clock },
    priv_h: base64url(facts.private_sha256),
  })

export const sealStatement = (id: string, link: Link, count: number, clock: ClockPair): Bytes =>
  canonicalBytes({
    t: 'seal/1',
    id,
    dev: link.dev,
    ses: link.session_id,
    seq: link.seq,
    prev: link.prev,
    count,
    clock: { ...clock },
  })
