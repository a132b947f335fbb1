import 'fake-indexeddb/auto'
import { base64, base64url, hex, utf8 } from '@shared/kit/crypto/encoding'
import { canonical } from '@shared/kit/crypto/jcs'
import { newSigningKey, sha256, sign } from '@shared/kit/crypto/keys'
import { leafHash } from '@shared/kit/crypto/merkle'
import { newId } from '@shared/kit/ids'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { db, getValue, setValue } from '../db/db'
import type { CaptureRow, StatementRow } from '../db/rows'
import { askLog } from '../tlog/ask'
import { path, root } from '../tlog/reference.testing'
import { applyAnswer } from './pull'
import { pushAll } from './push'
import { recallState } from './recall'
import { uploadAll } from './uploads'

type Bytes = Uint8Array<ArrayBuffer>

interface Sent {
  id: string
  kind: string
  statement: string
  signature: string
  private?: string | null
}

/** A server with a log, which can be put back to what it was; it takes what it is sent as the product does. */
class Server {
  taken: { body: string; leaf: string; receipt: object }[] = []
  stored = new Set<string>()
  originals = new Set<string>()
  clock = 1_780_000_000_000
  asked = 0
  private pair!: CryptoKeyPair
  private typed!: Bytes
  private id!: Bytes

  async start(): Promise<void> {
    this.pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const raw = await crypto.subtle.exportKey('raw', this.pair.publicKey)
    this.typed = Uint8Array.of(1, ...new Uint8Array(raw))
    this.id = (await sha256(Uint8Array.of(...utf8('zhicha.test/log\n'), ...this.typed))).slice(0, 4)
  }

  private async signed(bytes: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign('Ed25519', this.pair.privateKey, bytes))
  }

  async take(one: Sent): Promise<object> {
    const body = JSON.stringify([one.id, one.kind, one.statement, one.private ?? null])
    const known = this.taken.find((each) => each.body.startsWith(`["${one.id}"`))
    if (known?.body === body)
      return { id: one.id, status: 'duplicate', problem: null, receipt: known.receipt }
    if (known)
      return { id: one.id, status: 'refused', problem: { code: 'id_reused', status: 409 }, receipt: null }
    const [statement, signature] = [one.statement, one.signature].map((text) => fromText(text)) as [
      Bytes,
      Bytes,
    ]
    const [stmt, env] = [await sha256(statement), await sha256(Uint8Array.of(...statement, ...signature))]
    const recv_ms = this.clock++
    const leaf = canonical({
      t: 'leaf/1',
      k: 'statement',
      env: base64url(env),
      stmt: base64url(stmt),
      recv_ms,
    })
    const receipt = {
      statement_sha256: hex(stmt),
      env_sha256: hex(env),
      received_at: new Date(recv_ms).toISOString(),
      recv_ms,
      leaf,
      promise: base64url(await this.signed(utf8(`zhicha/promise/1\n${leaf}`))),
      remark: null,
    }
    this.taken.push({ body, leaf, receipt })
    return { id: one.id, status: 'applied', problem: null, receipt }
  }

  private async proofs({ leaves }: { leaves: string[] }): Promise<object> {
    this.asked += 1
    const tree = await Promise.all(this.taken.map((one) => leafHash(utf8(one.leaf))))
    const known = tree.map((leaf) => base64url(leaf))
    const proofs: Record<string, object> = {}
    for (const leaf of leaves) {
      const index = known.indexOf(leaf)
      if (index >= 0) proofs[leaf] = { index, hashes: (await path(index, tree)).map(base64url) }
    }
    const body = `zhicha.test/log\n${tree.length}\n${base64(await root(tree))}\n`
    const line = base64(Uint8Array.of(...this.id, ...(await this.signed(utf8(body)))))
    return {
      checkpoint: tree.length > 0 ? `${body}\n— zhicha.test/log ${line}\n` : '',
      consistency: [],
      proofs,
      rotations: [],
    }
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const body = typeof init.body === 'string' && init.body ? JSON.parse(init.body) : null
    if (url === '/api/log/proofs') return Response.json(await this.proofs(body))
    if (url === '/api/log/trust')
      return Response.json({ logs: [`zhicha.test/log+${hex(this.id)}+${base64(this.typed)}`] })
    if (url === '/api/sync/push') {
      const results = []
      for (const operation of body.operations) results.push(await this.take(operation))
      return Response.json({ results, server_time: new Date(this.clock).toISOString() })
    }
    if (url === '/api/uploads') return this.upload(new Headers(init.headers))
    return Response.json({}, { status: 201 })
  }

  private upload(headers: Headers): Response {
    const pairs = (headers.get('Upload-Metadata') ?? '').split(',').map((pair) => pair.split(' '))
    const said = Object.fromEntries(pairs.map(([key, value]) => [key, atob(value ?? '')]))
    if (said.held && !this.stored.has(said.sha256 ?? ''))
      return Response.json({ code: 'original_not_held', status: 409 }, { status: 409 })
    this.stored.add(said.sha256 ?? '')
    this.originals.add(`${said.capture_id}:${said.role}`)
    const receipt = {
      ...said,
      bytes: Number(headers.get('Upload-Length')),
      received_at: '2026-05-25T09:30:00Z',
    }
    return new Response(null, {
      status: 201,
      headers: { 'Upload-Receipt': base64url(utf8(JSON.stringify(receipt))) },
    })
  }
}

const fromText = (text: string): Bytes =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0))

let server: Server

/** What this phone made in one chain and sent: an opening, photos, a seal. */
async function chainOf(photos: number): Promise<StatementRow[]> {
  const key = await newSigningKey()
  const session_id = newId()
  const kinds = [
    'session.open',
    ...Array.from({ length: photos }, () => 'capture.record'),
    'session.seal',
  ] as const
  const rows: StatementRow[] = []
  for (const [seq, kind] of kinds.entries()) {
    const id = seq === 0 ? session_id : newId()
    const bytes = utf8(canonical({ t: kind, id, seq }))
    const row: StatementRow = {
      id,
      kind: kind as StatementRow['kind'],
      session_id,
      visit_id: 'v',
      seq,
      at: seq,
      statement: base64url(bytes),
      signature: base64url(await sign(key.privateKey, bytes)),
      about: '',
      said: {},
      state: 'made',
      receipt: null,
      leaf_hash: '',
      proof: null,
      beside: kind === 'capture.record' ? { private: base64url(utf8(`salt ${id}`)) } : {},
    }
    const { receipt } = (await server.take({ ...row, ...row.beside } as unknown as Sent)) as {
      receipt: StatementRow['receipt']
    }
    await db.statements.add({ ...row, state: 'promised', receipt })
    if (kind === 'capture.record') await delivered(row, receipt)
    rows.push(row)
  }
  return rows
}

/** Its original came to the server and was deleted here, as always. */
async function delivered({ id, session_id, seq, at }: StatementRow, receipt: StatementRow['receipt']) {
  const sha = hex(await sha256(utf8(id)))
  const local = { session_id, seq, sha256: sha, bytes: 100, type: 'image/jpeg', receipt }
  const capture = { id, visit_id: 'v', item_id: 'i', captured_at: at, copies: 'made', local, server: {} }
  await db.captures.add(capture as unknown as CaptureRow)
  const came = {
    id,
    role: 'original' as const,
    media_sha256: sha,
    bytes: 100,
    received_at: '2026-05-25T09:30:00Z',
  }
  await db.receipts.add({ ...came, key: `${id}:original` })
  server.stored.add(sha)
  server.originals.add(`${id}:original`)
}

const states = async (rows: StatementRow[]) =>
  (await db.statements.bulkGet(rows.map((row) => row.id))).map((row) => row?.state)
const waiting = async () => (await db.outbox.orderBy('n').toArray()).map((row) => row.id)
const ids = (rows: StatementRow[]) => rows.map((row) => row.id)

beforeEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(db.tables.map((table) => table.clear()))
  server = new Server()
  await server.start()
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => server.fetch(url, init))
  vi.stubGlobal('navigator', { onLine: true })
  await setValue('anchor', { srv_ms: server.clock, mono_ms: 5, wall_ms: 5 })
})

describe('a server that was put back', () => {
  it('is sent what it lost, in the order of its chains, word for word', async () => {
    const [kept, lost] = [await chainOf(2), await chainOf(2)]
    await askLog(true)
    expect(await states(lost)).toEqual(['proven', 'proven', 'proven', 'proven'])
    const before = [...server.taken]
    server.taken = before.slice(0, 4)
    await askLog(true)
    expect((await db.alarms.toArray()).map((alarm) => alarm.kind)).toEqual(['inconsistent'])
    expect(await states(kept)).toEqual(['proven', 'proven', 'proven', 'proven'])
    expect(await waiting()).toEqual(ids(lost))
    expect((await db.captures.get(lost[1]?.id ?? ''))?.local?.receipt).toBeNull()

    await pushAll('phone')
    expect(server.taken.map((one) => one.body)).toEqual(before.map((one) => one.body))
    expect(await waiting()).toEqual([])
    const first = await db.statements.get(lost[0]?.id ?? '')
    expect(first).toMatchObject({ state: 'promised', receipt: { leaf: server.taken[4]?.leaf } })
    // Two promises for one statement: the proof that it went back.
    expect(first?.lost).toMatchObject([{ receipt: { leaf: before[4]?.leaf }, proof: { index: 4 } }])
    expect(await db.alarms.count()).toBe(1)
  })

  it('takes note of the originals that its store still has; of the others the phone says so', async () => {
    const rows = await chainOf(2)
    await askLog(true)
    server.taken = server.taken.slice(0, 1)
    server.originals.clear()
    const [there, gone] = [rows[1]?.id ?? '', rows[2]?.id ?? '']
    const digest = (await db.captures.get(gone))?.local?.sha256 ?? ''
    server.stored.delete(digest)
    await askLog(true)
    await pushAll('phone')
    expect((await db.uploads.toArray()).map((row) => row.key)).toEqual([
      `${there}:original`,
      `${gone}:original`,
    ])
    expect(await db.receipts.count()).toBe(0)
    await uploadAll()
    expect([...server.originals]).toEqual([`${there}:original`])
    expect((await db.receipts.toArray()).map((row) => row.key)).toEqual([`${there}:original`])
    expect(await db.uploads.toArray()).toMatchObject([
      { key: `${gone}:original`, state: 'attention', cause: { code: 'original_not_held' } },
    ])
    // It asks again an hour later: by then somebody may have put it back.
    server.stored.add(digest)
    await uploadAll()
    expect(await db.uploads.count()).toBe(1)
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001)
    await uploadAll()
    expect(await db.uploads.count()).toBe(0)
  })

  it('is sent an original that is still here', async () => {
    const rows = await chainOf(1)
    await askLog(true)
    server.taken = []
    server.stored.clear()
    server.originals.clear()
    const id = rows[1]?.id ?? ''
    const bytes = new Uint8Array(100).buffer
    await db.blobs.add({
      key: `${id}:original`,
      capture_id: id,
      role: 'original',
      type: '',
      blob: null,
      bytes,
    })
    await askLog(true)
    await pushAll('phone')
    await uploadAll()
    expect([...server.originals]).toEqual([`${id}:original`])
  })

  it('that lost the original only is asked for it', async () => {
    const rows = await chainOf(1)
    const id = rows[1]?.id ?? ''
    await db.captures.update(id, { server: { originals: { received: 0, total: 1 } } } as object)
    server.originals.clear()
    await setValue('recall', { at: 0, pending: true, unsendable: 0 })
    await askLog(true)
    expect(await waiting()).toEqual([])
    await uploadAll()
    expect([...server.originals]).toEqual([`${id}:original`])
  })

  it('is compared at once after a rebase, also where this phone saw no more of the log than it has', async () => {
    const rows = await chainOf(1)
    server.taken = server.taken.slice(0, 1)
    await applyAnswer({
      changes: [],
      cursor: 'c',
      more: false,
      rebase: true,
      server_time: '',
      checkpoint: null,
    })
    expect((await recallState()).pending).toBe(true)
    await askLog(false)
    expect(await db.alarms.count()).toBe(0)
    expect(await waiting()).toEqual(ids(rows.slice(1)))
    expect(await getValue('recall')).toMatchObject({ pending: false, unsendable: 0 })
  })

  it('is not asked for all again with every run', async () => {
    await chainOf(1)
    await askLog(true)
    server.taken = server.taken.slice(0, 2)
    await askLog(true)
    await pushAll('phone')
    server.asked = 0
    await askLog(true)
    expect(server.asked).toBe(1)
  })

  it('out of reach in the middle is compared with the next run', async () => {
    const rows = await chainOf(1)
    await askLog(true)
    server.taken = []
    const honest = server.fetch.bind(server)
    server.fetch = async (url, init) => {
      if (server.asked > 0 && url === '/api/log/proofs') throw new TypeError('no network')
      return honest(url, init)
    }
    server.asked = 0
    await expect(askLog(true)).rejects.toThrow()
    expect((await recallState()).pending).toBe(true)
    server.fetch = honest
    await askLog(false)
    expect(await waiting()).toEqual(ids(rows))
  })
})

describe('what was not lost', () => {
  it('is put back as it was when the server answers that it has it', async () => {
    const rows = await chainOf(1)
    await askLog(true)
    const all = server.taken
    server.taken = []
    await askLog(true)
    server.taken = all
    await pushAll('phone')
    expect(await states(rows)).toEqual(['promised', 'promised', 'promised'])
    expect((await db.statements.get(rows[1]?.id ?? ''))?.lost).toEqual([])
    expect(await db.uploads.count()).toBe(0)
    expect(await db.receipts.count()).toBe(1)
  })

  it('stands again where the server has more of it than this phone kept', async () => {
    const rows = await chainOf(1)
    await askLog(true)
    const id = rows[1]?.id ?? ''
    await db.statements
      .where('id')
      .equals(id)
      .modify((row) => void delete row.beside)
    const all = server.taken
    server.taken = []
    await askLog(true)
    server.taken = all
    await pushAll('phone')
    expect(await waiting()).toEqual([])
    expect(await db.statements.get(id)).toMatchObject({ state: 'proven', lost: [], proof: { index: 1 } })
    expect((await db.captures.get(id))?.local?.receipt).not.toBeNull()
  })

  it('cannot be sent where only the receipt is here, and is counted', async () => {
    const rows = await chainOf(1)
    await askLog(true)
    const last = rows.at(-1)?.id ?? ''
    await db.statements.update(last, { statement: null, signature: null })
    server.taken = []
    await askLog(true)
    expect(await waiting()).toEqual(ids(rows.slice(0, -1)))
    expect(await recallState()).toMatchObject({ pending: false, unsendable: 1 })
  })
})

describe('a server that takes no more chains today', () => {
  it('keeps the chain waiting, holds back what follows in it, and takes the others', async () => {
    const row = (id: string, chain: string, kind: string) => ({
      id,
      chain,
      operation: { kind, id, statement: base64url(utf8(`{"ses":"${chain}"}`)), signature: '' },
      state: 'waiting',
      tries: 0,
      next_at: 0,
      cause: null,
      label: { kind, at: 1, subject: '' },
    })
    await db.outbox.bulkAdd([
      row('a', 'one', 'session.open'),
      row('b', 'one', 'session.seal'),
      row('c', 'two', 'session.seal'),
    ] as never[])
    const take = server.take.bind(server)
    const problem = { code: 'too_many_chains', status: 429, params: { most: 1000, retry: true } }
    server.take = async (one) =>
      one.kind === 'session.open'
        ? { id: one.id, status: 'refused', problem, receipt: null }
        : one.id === 'b'
          ? { id: 'b', status: 'refused', problem: { ...problem, code: 'chain_gap' }, receipt: null }
          : take(one)
    await pushAll('phone')
    const left = await db.outbox.orderBy('n').toArray()
    expect(left.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'waiting'],
      ['b', 'waiting'],
    ])
    expect(left[0]?.next_at).toBeGreaterThan(Date.now())
    expect(left[0]?.cause?.code).toBe('too_many_chains')
  })
})
