/** What the phone keeps. Additive changes only: an old tab must be able to go on saving. */
import type {
  CaptureField,
  FindingField,
  ItemField,
  NoticeField,
  Operation,
  Position,
  QueryField,
  ReceiptField,
  SiteField,
  StatementReceipt,
  VisitField,
} from '@shared/api/contract'

export type GpsError = 'denied' | 'timeout' | 'unavailable'
export type MediaSource = 'camera' | 'file' | 'import'
export type StoredRole = 'original' | 'preview' | 'thumb'

/** What this phone itself recorded; absent for captures that only the server knows. */
export interface LocalCapture {
  session_id: string
  seq: number
  sha256: string
  bytes: number
  type: string
  width: number
  height: number
  src: MediaSource
  note: string | null
  position: Position | null
  gps_error: GpsError | null
  statement_sha256: string
  receipt: StatementReceipt | null
}

export interface CaptureRow {
  id: string
  visit_id: string
  item_id: string
  captured_at: number
  /** `pending` until the worker has made the copies; the original is kept until then. */
  copies: 'pending' | 'made' | 'failed' | 'none'
  local: LocalCapture | null
  server: CaptureField | null
}

/** A store of its own, so that lists never touch bytes. `bytes` replaces `blob` where Blobs are refused (WebKit). */
export interface BlobRow {
  key: string
  capture_id: string
  role: StoredRole
  type: string
  blob: Blob | null
  bytes: ArrayBuffer | null
}

export interface Cause {
  code: string
  at: number
  detail?: string
  detail_zh?: string
  params?: Record<string, string | number>
}

/** What a waiting thing is called on screen, kept in the row so that the sync screen reads nothing else. */
export interface Label {
  kind: string
  at: number
  subject: string
  seq?: number
}

interface Waiting {
  state: 'waiting' | 'attention'
  tries: number
  next_at: number
  cause: Cause | null
  label: Label
}

export interface OutboxRow extends Waiting {
  n?: number
  id: string
  chain: string | null
  operation: Operation
  /** Delivered before, and lost by the server since. */
  again?: true
}

export interface UploadRow extends Waiting {
  key: string
  n: number
  capture_id: string
  role: 'original' | 'preview'
  sha256: string
  bytes: number
  type: string
  url: string | null
  offset: number
  /** It was received before, so that it may be gone from here; the server may still have it in its store. */
  again?: true
}

export interface SessionRow {
  id: string
  visit_id: string
  private_key: CryptoKey
  dev: string
  seq: number
  /** base64url SHA-256 of the last statement of this chain. */
  prev: string
  opened_ms: number
  until_ms: number
  sealed: 0 | 1
}

/** What a signed act said, for the screens: the statement itself carries digests only. */
export interface Said {
  /** Of a note. */
  text?: string
  /** Of a discard, or of a refusal to sign. */
  reason?: string
  /** Of a seal. */
  count?: number
  captures?: number
  voided?: number
  notes?: number
  /** base64url SHA-256 of the seal's statement. */
  digest?: string
  first_ms?: number | null
  last_ms?: number | null
  /** Of a cosignature: the id of the seal's statement, and who signed or refused. */
  seal?: string
  party?: 'officer' | 'unit'
  outcome?: 'signed' | 'refused'
  name?: string
  post?: string
  /** Of an opening or a seal: whether a passkey confirmed it. */
  passkey?: boolean
}

/**
 * Where a statement stands: `made` here, `promised` to the log by the server's receipt, `proven` to be in it, `broken`
 * when the receipt does not hold; `received` by a server that had no log yet, so that nothing was promised.
 */
export type StatementState = 'made' | 'received' | 'promised' | 'proven' | 'broken'

/** Every statement that this phone made, with the server's receipt and promise, and the proof that the log has it. */
export interface StatementRow {
  id: string
  kind: SignedKind
  session_id: string
  visit_id: string
  seq: number
  at: number
  /** base64url of the exact bytes; null where an older version of the app kept only the receipt. */
  statement: string | null
  signature: string | null
  /** The capture that a note or a discard is about. */
  about: string
  said: Said
  state: StatementState
  receipt: StatementReceipt | null
  /** base64url SHA-256(0x00 ‖ leaf). */
  leaf_hash: string
  /** Where in the log, under which checkpoint, and when this phone checked it. */
  proof: { index: number; size: number; at: number } | null
  /** What went beside the statement; absent in rows of before, which kept none of it. */
  beside?: Beside
  /** The server's word of before, which it did not keep: proof that its log was put back. */
  lost?: Pick<StatementRow, 'receipt' | 'leaf_hash' | 'proof'>[]
}

export interface Beside {
  private?: string | null
  passkey?: Extract<Operation, { kind: 'session.open' }>['passkey']
}

export type SignedKind = Extract<Operation, { statement: string }>['kind']

export type AlarmKind = 'inconsistent' | 'key_changed' | 'promise_broken' | 'proof_wrong'

/** The log did what an honest log never does. Stays until a person has taken note of it; never deleted. */
export interface AlarmRow {
  id: string
  /** One alarm for one fact, however often it is seen again. */
  fact: string
  kind: AlarmKind
  at: number
  /** What proves it: checkpoints as they were signed, leaf, promise. */
  evidence: string
  acknowledged_at: number
  /** 2: the server refused to take it, for good. */
  reported: 0 | 1 | 2
}

export interface FindingRow extends FindingField {
  waiting: boolean
}
export interface NoticeRow extends NoticeField {
  /** Read here, not yet known to the server. */
  read_waiting?: 1
}
export interface ReceiptRow extends ReceiptField {
  key: string
}
export interface DraftRow {
  key: string
  body: unknown
  at: number
}
export interface KeyValueRow {
  k: string
  v: unknown
}

export type { ItemField as ItemRow, QueryField as QueryRow, SiteField as SiteRow, VisitField as VisitRow }
