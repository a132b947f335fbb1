/** The wire by the names both faces use. All shapes come from the server's description (`make api`). */
import type { components } from './schema'

type Schemas = components['schemas']

export type Role = Schemas['Role']
export type Problem = Pick<Schemas['Problem'], 'code' | 'status'> & Partial<Schemas['Problem']>
export type SessionView = Schemas['SessionView']
export type DeviceView = Schemas['DeviceView']
export type PasskeyView = Schemas['PasskeyView']
export type PasskeyOptions = Schemas['PasskeyOptionsView']
export type LogProofs = Schemas['ProofsView']
export type LogRotation = Schemas['RotationView']
export type VisitState = Schemas['VisitState']
export type VisitMethod = Schemas['VisitMethod']
export type VisitField = Schemas['VisitField']
export type ItemField = Schemas['ItemField']
export type SiteField = Schemas['SiteField']
export type CaptureField = Schemas['CaptureField']
export type FindingField = Schemas['FindingField']
export type QueryField = Schemas['QueryField']
export type NoticeField = Schemas['NoticeView']
export type ReceiptField = Schemas['ReceiptField']
/** A fix as it is signed: every field said, also when the device did not know it. */
export type Position = Required<Schemas['Position']> & { ts_ms: number }
export type Clause = keyof Clauses
export type Clauses = Schemas['Clauses']
export type StatementReceipt = Schemas['StatementReceipt']
/** Some results the phone makes itself: an operation that could not even be sent is refused here. */
export type PushResult = Omit<Schemas['PushResult'], 'problem'> & { problem: Problem | null }
export type PushAnswer = Omit<Schemas['PushAnswer'], 'results'> & { results: PushResult[] }
export type PullAnswer = Omit<Schemas['PullAnswer'], 'changes'> & { changes: Change[] }
export type Operation = Schemas['PushBatch']['operations'][number]

type Told<C> = C extends { kind: infer K; id: string; data: infer D }
  ? { kind: K; id: string; op: 'put'; data: NonNullable<D> } | { kind: K; id: string; op: 'gone'; data: null }
  : never
/** A change of the feed; `put` always brings the thing as it now is. */
export type Change = Told<Schemas['PullAnswer']['changes'][number]>

export type UploadRole = ReceiptField['role']
export type MediaRole = 'original' | 'preview' | 'thumb' | 'watermark'

/** In the order in which the leader attests them. */
export const CLAUSES = [
  'no_notice',
  'no_greeting',
  'no_briefing',
  'no_escort',
  'straight_to_grassroots',
  'straight_to_site',
] as const satisfies readonly Clause[]

/** Decoded from the `Upload-Receipt` header. */
export interface UploadReceipt {
  capture_id: string
  role: UploadRole
  sha256: string
  bytes: number
  received_at: string
}
