/** The wire as both faces use it. Field names are the server's. */

export type Role =
  | 'REG'
  | 'SUP'
  | 'OFFICE'
  | 'LEADER'
  | 'HEAD'
  | 'ORIGIN'
  | 'LIAISON'
  | 'UHEAD'
  | 'UDEP'
  | 'UH'
  | 'TL'
  | 'TM'
  | 'OBS'
  | 'JW'
  | 'KH'
  | 'ARC'
  | 'SEC'
  | 'ADM'
  | 'AUD'

export interface Problem {
  type?: string
  title?: string
  title_zh?: string
  status: number
  detail?: string
  code: string
  instance?: string
  errors?: { field: string; code: string; detail: string }[]
  params?: Record<string, unknown>
}

export interface SessionView {
  person: {
    id: string
    name: string
    unit: { id: string; name: string }
    roles: Role[]
    permissions: string[]
  }
  org: { id: string; name: string }
  csrf_token: string
  token: string | null
  expires_at: string
  server_time: string
}

export interface DeviceView {
  id: string
  name: string
  platform: string
  enrolled_at: string
  revoked_at: string | null
  last_seen_at: string | null
}

export type VisitState =
  | 'DRAFT'
  | 'PLAN_APPROVED'
  | 'TEAM_LOCKED'
  | 'DEPARTED'
  | 'ON_SITE'
  | 'LEFT'
  | 'RECORD_SIGNED'
  | 'RELEASED'
  | 'REPORTED'
  | 'FILED'
  | 'ABORTED'
  | 'COMPROMISED'
  | 'CONVERTED'
export type VisitMethod = 'OVERT' | 'COVERT' | 'ON_SITE' | 'WALK_THROUGH' | 'SYMPOSIUM'

export interface VisitField {
  id: string
  state: VisitState
  nature: string
  method: VisitMethod
  title: string
  item_id: string
  site_id: string | null
  planned_for: string
  starts_at: string | null
  ends_at: string | null
  team: { person_id: string; name: string; role: Role }[]
  brief: string
  released: boolean
}

export interface ItemField {
  id: string
  register_no: string
  title: string
  state: string
  source_kind: string
  due_at: string | null
  urgency: string
  handling_unit: string | { id: string; name: string } | null
}

export interface SiteField {
  id: string
  name: string
  address: string
  lat_e7: number | null
  lon_e7: number | null
  radius_m: number | null
  kind: string
}

export interface Count {
  received: number
  total: number
}

export interface CaptureField {
  id: string
  visit_id: string
  item_id: string
  state: string
  statement_sha256: string
  originals: Count
  previews: Count
  review: {
    decision: 'accepted' | 'queried' | 'rejected'
    reason: string | null
    by_name: string
    at: string
  } | null
}

export interface FindingField {
  id: string
  visit_id: string
  item_id: string
  text: string
  category: string
  severity: string
  state: string
  capture_ids: string[]
  found_at: string
  author_name: string
}

export interface QueryField {
  id: string
  capture_id: string
  visit_id: string
  text: string
  asked_by: string
  asked_at: string
  answer: string | null
  answered_at: string | null
}

export interface NoticeField {
  id: string
  kind: string
  subject_kind: string
  subject_id: string
  title_key: string
  params: Record<string, string | number>
  created_at: string
  read_at: string | null
}

export interface ReceiptField {
  id: string
  media_sha256: string
  role: MediaRole
  bytes: number
  received_at: string
}

export type MediaRole = 'original' | 'preview' | 'thumb' | 'watermark'

export interface Position {
  lat_e7: number
  lon_e7: number
  acc_cm: number
  alt_cm: number | null
  spd_cms: number | null
  hdg_cdeg: number | null
  ts_ms: number
  datum: 'WGS84'
}

export const CLAUSES = [
  'no_notice',
  'no_greeting',
  'no_briefing',
  'no_escort',
  'straight_to_grassroots',
  'straight_to_site',
] as const
export type Clause = (typeof CLAUSES)[number]
export type Clauses = Record<Clause, { kept: boolean; reason: string | null }>

interface Signed {
  id: string
  statement: string
  signature: string
}
interface VisitAct {
  id: string
  visit_id: string
  at: string
  position: Position | null
}

export type Operation =
  | ({ kind: 'session.open' } & Signed)
  | ({ kind: 'capture.record'; private: string | null } & Signed)
  | ({ kind: 'capture.discard' } & Signed)
  | ({ kind: 'session.seal' } & Signed)
  | {
      kind: 'finding.record'
      id: string
      visit_id: string
      item_id: string
      text: string
      category: string
      severity: string
      capture_ids: string[]
      found_at: string
    }
  | ({ kind: 'visit.depart' | 'visit.arrive' | 'visit.leave' } & VisitAct)
  | ({ kind: 'visit.sign'; clauses: Clauses } & VisitAct)
  | { kind: 'query.answer'; id: string; query_id: string; text: string }

export interface StatementReceipt {
  statement_sha256: string
  env_sha256: string
  received_at: string
  recv_ms: number
}

export interface PushResult {
  id: string
  status: 'applied' | 'duplicate' | 'refused'
  problem: Problem | null
  receipt: StatementReceipt | null
}
export interface PushAnswer {
  results: PushResult[]
  server_time: string
}

interface Put<K extends string, D> {
  kind: K
  id: string
  op: 'put'
  data: D
}
interface Gone<K extends string> {
  kind: K
  id: string
  op: 'gone'
  data: null
}
type ChangeOf<K extends string, D> = Put<K, D> | Gone<K>
export type Change =
  | ChangeOf<'visit', VisitField>
  | ChangeOf<'item', ItemField>
  | ChangeOf<'site', SiteField>
  | ChangeOf<'capture', CaptureField>
  | ChangeOf<'finding', FindingField>
  | ChangeOf<'query', QueryField>
  | ChangeOf<'notice', NoticeField>
  | ChangeOf<'receipt', ReceiptField>

export interface PullAnswer {
  changes: Change[]
  cursor: string
  more: boolean
  rebase: boolean
  server_time: string
  checkpoint: null
}

/** Decoded from the `Upload-Receipt` header. */
export interface UploadReceipt {
  capture_id: string
  role: MediaRole
  sha256: string
  bytes: number
  received_at: string
}
