import Dexie, { type EntityTable } from 'dexie'
import { watchTransactions } from './leave'
import type {
  AlarmRow,
  BlobRow,
  CaptureRow,
  DraftRow,
  FindingRow,
  ItemRow,
  KeyValueRow,
  NoticeRow,
  OutboxRow,
  QueryRow,
  ReceiptRow,
  SessionRow,
  SiteRow,
  StatementRow,
  UploadRow,
  VisitRow,
} from './rows'
import { statementsFromBefore } from './upgrade'

export class FieldDb extends Dexie {
  declare visits: EntityTable<VisitRow, 'id'>
  declare items: EntityTable<ItemRow, 'id'>
  declare sites: EntityTable<SiteRow, 'id'>
  declare captures: EntityTable<CaptureRow, 'id'>
  declare blobs: EntityTable<BlobRow, 'key'>
  declare outbox: EntityTable<OutboxRow, 'n'>
  declare uploads: EntityTable<UploadRow, 'key'>
  declare findings: EntityTable<FindingRow, 'id'>
  declare queries: EntityTable<QueryRow, 'id'>
  declare notices: EntityTable<NoticeRow, 'id'>
  declare receipts: EntityTable<ReceiptRow, 'key'>
  declare sessions: EntityTable<SessionRow, 'id'>
  declare statements: EntityTable<StatementRow, 'id'>
  declare alarms: EntityTable<AlarmRow, 'id'>
  declare drafts: EntityTable<DraftRow, 'key'>
  declare kv: EntityTable<KeyValueRow, 'k'>

  constructor(name = 'zhicha-field') {
    // `strict` makes Chromium sync the log and the blob files before a transaction reports completion.
    super(name, { chromeTransactionDurability: 'strict' })
    watchTransactions(this)
    this.version(1).stores({
      visits: 'id',
      items: 'id',
      sites: 'id',
      captures: 'id,visit_id,copies',
      blobs: 'key,capture_id',
      outbox: '++n,&id,chain,next_at',
      uploads: 'key,n,capture_id,next_at',
      findings: 'id,visit_id',
      queries: 'id,visit_id,capture_id',
      notices: 'id,created_at,read_waiting',
      receipts: 'key,id',
      sessions: 'id,visit_id',
      drafts: 'key',
      kv: 'k',
    })
    // What waits stays where it is; the new stores are filled from it.
    this.version(2)
      .stores({
        statements: 'id,session_id,visit_id,about,state',
        alarms: 'id,&fact,acknowledged_at,reported',
      })
      .upgrade(statementsFromBefore)
  }
}

export const db = new FieldDb()

/** The browser lost the database and a second try failed too. Nothing of the failed act was saved. */
export class StorageLost extends Error {
  override readonly name = 'StorageLost'
}

/** No room. Nothing of the failed act was saved. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
}

const LOST = /connection.*(lost|clos)|database.*clos|Internal error opening backing store/i

const named = (error: unknown): { name: string; message: string; inner?: unknown } =>
  (error ?? { name: '', message: '' }) as { name: string; message: string; inner?: unknown }

function isQuota(error: unknown): boolean {
  const { name, inner } = named(error)
  return name === 'QuotaExceededError' || (inner !== undefined && inner !== error && isQuota(inner))
}

function isLost(error: unknown): boolean {
  const { name, message } = named(error)
  return name === 'DatabaseClosedError' || name === 'InvalidStateError' || LOST.test(message)
}

/** iOS drops the connection while the app is in the background: reopen, try once more, then say so. */
export async function durable<T>(act: () => PromiseLike<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (isQuota(error)) throw new StorageFull()
    if (!isLost(error)) throw error
  }
  db.close({ disableAutoOpen: false })
  try {
    await db.open()
    return await act()
  } catch (error) {
    if (isQuota(error)) throw new StorageFull()
    throw new StorageLost(named(error).message)
  }
}

export async function getValue<T>(key: string): Promise<T | undefined> {
  return (await durable(() => db.kv.get(key)))?.v as T | undefined
}

export async function setValue(key: string, value: unknown): Promise<void> {
  await durable(() => db.kv.put({ k: key, v: value }))
}
