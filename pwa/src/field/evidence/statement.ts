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
  anchor: { srv_ms: number; mono_ms: number } | null
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
    anchor: facts.anchor
      ? { cp: null, size: 0, srv_ms: facts.anchor.srv_ms, mono_ms: facts.anchor.mono_ms }
      : null,
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
