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
