import 'fake-indexeddb/auto'
import { base64url, utf8 } from '@shared/kit/crypto/encoding'
import { canonicalBytes } from '@shared/kit/crypto/jcs'
import Dexie from 'dexie'
import { expect, it } from 'vitest'
import { FieldDb } from './db'

/** The stores as the version before had them. */
const BEFORE = {
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
}

const statement = (body: Record<string, string | number>) => base64url(canonicalBytes(body))
const LABEL = { kind: 'capture', at: 5, subject: '县人民医院', seq: 2 }
const waiting = (id: string, operation: object, chain: string | null) => ({
  id,
  chain,
  operation: { id, ...operation },
  state: 'waiting',
  tries: 3,
  next_at: 7,
  cause: { code: 'offline', at: 1 },
  label: LABEL,
})
const capture = (id: string, seq: number, receipt: object | null) => ({
  id,
  visit_id: 'v',
  item_id: 'i',
  captured_at: seq,
  copies: 'made',
  local: { session_id: 's', seq, sha256: 'aa', statement_sha256: 'bb', receipt },
  server: null,
})
const RECEIPT = { statement_sha256: 'cc', env_sha256: 'dd', received_at: '2026-05-25T09:30:00Z', recv_ms: 9 }

async function phoneOfBefore(name: string) {
  const old = new Dexie(name)
  old.version(1).stores(BEFORE)
  const rows: Record<string, object[]> = {
    captures: [capture('sent', 1, RECEIPT), capture('unsent', 2, null)],
    blobs: [
      {
        key: 'unsent:original',
        capture_id: 'unsent',
        role: 'original',
        type: 'image/jpeg',
        blob: null,
        bytes: utf8('photo').buffer,
      },
    ],
    outbox: [
      waiting(
        'unsent',
        {
          kind: 'capture.record',
          statement: statement({ t: 'capture/1', ses: 's', seq: 2, visit: 'v' }),
          signature: 'x',
          private: 'p',
        },
        's',
      ),
      waiting(
        'seal',
        { kind: 'session.seal', statement: statement({ t: 'seal/1', ses: 's', seq: 3 }), signature: 'y' },
        's',
      ),
      waiting('leave', { kind: 'visit.leave', visit_id: 'v' }, 'visit:v'),
    ],
    uploads: [
      {
        key: 'unsent:original',
        n: 2,
        capture_id: 'unsent',
        role: 'original',
        sha256: 'aa',
        bytes: 5,
        type: 'image/jpeg',
        url: '/api/uploads/1',
        offset: 3,
        state: 'waiting',
        tries: 0,
        next_at: 0,
        cause: null,
        label: LABEL,
      },
    ],
    sessions: [{ id: 's', visit_id: 'v', dev: 'd', seq: 3, prev: 'h', opened_ms: 0, until_ms: 9, sealed: 1 }],
    drafts: [{ key: 'capture:v', body: { note: '半句' }, at: 1 }],
    kv: [
      { k: 'prev_seal', v: 'h' },
      { k: 'cursor', v: 'c' },
    ],
  }
  for (const [store, all] of Object.entries(rows)) await old.table(store).bulkAdd(all)
  const before: Record<string, object[]> = {}
  for (const store of Object.keys(BEFORE)) before[store] = await old.table(store).toArray()
  old.close()
  return before
}

it('loses nothing that waits, and knows every statement afterwards', async () => {
  const before = await phoneOfBefore('updated')
  const now = new FieldDb('updated')
  for (const [store, rows] of Object.entries(before)) expect(await now.table(store).toArray()).toEqual(rows)

  const statements = await now.statements.toArray()
  expect(
    statements.map(({ id, kind, session_id, visit_id, seq, state }) => [
      id,
      kind,
      session_id,
      visit_id,
      seq,
      state,
    ]),
  ).toEqual([
    ['seal', 'session.seal', 's', 'v', 3, 'made'],
    ['sent', 'capture.record', 's', 'v', 1, 'received'],
    ['unsent', 'capture.record', 's', 'v', 2, 'made'],
  ])
  const byId = new Map(statements.map((row) => [row.id, row]))
  expect(byId.get('sent')).toMatchObject({ statement: null, receipt: RECEIPT, leaf_hash: '' })
  expect(byId.get('unsent')?.statement).toBe(statement({ t: 'capture/1', ses: 's', seq: 2, visit: 'v' }))
  expect(await now.alarms.count()).toBe(0)
  now.close()
})

it('lets a tab of the version before go on saving', async () => {
  await phoneOfBefore('two tabs')
  const fresh = new FieldDb('two tabs')
  await fresh.open()
  const old = new Dexie('two tabs')
  old.version(1).stores(BEFORE)
  await old.table('outbox').add(waiting('late', { kind: 'query.answer', query_id: 'q', text: 'x' }, null))
  old.close()
  await fresh.open()
  expect(await fresh.outbox.where('id').equals('late').count()).toBe(1)
  fresh.close()
})
