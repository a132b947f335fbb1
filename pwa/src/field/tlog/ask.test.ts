import 'fake-indexeddb/auto'
import { base64, base64url, fromBase64url, hex, utf8 } from '@shared/kit/crypto/encoding'
import { canonical } from '@shared/kit/crypto/jcs'
import { newSigningKey, sha256, sign } from '@shared/kit/crypto/keys'
import { leafHash } from '@shared/kit/crypto/merkle'
import { newId } from '@shared/kit/ids'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { db, setValue } from '../db/db'
import type { StatementRow } from '../db/rows'
import { acknowledge, raiseAlarm, reportAlarms } from './alarms'
import { askLog } from './ask'
import { growth, path, root } from './reference.testing'
import { anchorNow, seenLog } from './seen'

type Bytes = Uint8Array<ArrayBuffer>

async function logKey(name = 'zhicha.test/log') {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const typed = Uint8Array.of(1, ...new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
  const id = (await sha256(Uint8Array.of(...utf8(`${name}\n`), ...typed))).slice(0, 4)
  const signBytes = async (bytes: Bytes) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes))
  return {
    vkey: `${name}+${hex(id)}+${base64(typed)}`,
    promise: async (leaf: string) => base64url(await signBytes(utf8(`zhicha/promise/1\n${leaf}`))),
    line: async (body: string) =>
      `— ${name} ${base64(Uint8Array.of(...id, ...(await signBytes(utf8(body)))))}\n`,
  }
}
type LogKey = Awaited<ReturnType<typeof logKey>>

/** The server, as honest as the test wants it. */
class Server {
  leaves: Bytes[] = []
  keys: LogKey[] = []
  rotations: unknown[] = []
  alarms: { id: string; kind: string }[] = []
  asked: { leaves: string[]; since: number | null }[] = []
  tried = 0
  refuse: (alarm: {
    id: string
  }) => { code: string; status: number; headers?: Record<string, string> } | null = () => null

  async note(keys = this.keys.slice(-1)): Promise<string> {
    const body = `zhicha.test/log\n${this.leaves.length}\n${base64(await root(this.leaves))}\n`
    return `${body}\n${(await Promise.all(keys.map((key) => key.line(body)))).join('')}`
  }

  async add(text: string): Promise<void> {
    this.leaves.push(await leafHash(utf8(text)))
  }

  async answer({ leaves, since }: { leaves: string[]; since: number | null }): Promise<unknown> {
    this.asked.push({ leaves, since })
    const known = this.leaves.map((leaf) => base64url(leaf))
    const proofs: Record<string, unknown> = {}
    for (const leaf of leaves) {
      const index = known.indexOf(leaf)
      if (index >= 0) proofs[leaf] = { index, hashes: (await path(index, this.leaves)).map(base64url) }
    }
    const grew = since && since <= this.leaves.length ? await growth(since, this.leaves) : []
    return {
      checkpoint: this.leaves.length > 0 ? await this.note() : '',
      consistency: grew.map((hash) => base64url(hash)),
      proofs,
      rotations: this.rotations,
    }
  }

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const body = init.body ? JSON.parse(String(init.body)) : null
    if (path === '/api/log/proofs') return Response.json(await this.answer(body))
    if (path === '/api/log/trust') return Response.json({ logs: this.keys.map((key) => key.vkey) })
    this.tried += 1
    const refusal = this.refuse(body)
    if (refusal)
      return Response.json(
        { code: refusal.code, status: refusal.status },
        { status: refusal.status, headers: refusal.headers ?? {} },
      )
    this.alarms.push(body)
    return Response.json({}, { status: 201 })
  }
}

let server: Server
let wasReceived = 0

/** A statement of this phone that the server took and promised; in the log unless told otherwise. */
async function sent(change: Partial<StatementRow['receipt'] & object> = {}, logged = true): Promise<string> {
  const key = await newSigningKey()
  const statement = utf8(canonical({ t: 'capture/1', id: newId() }))
  const signature = await sign(key.privateKey, statement)
  const stmt = await sha256(statement)
  const env = await sha256(Uint8Array.of(...statement, ...signature))
  const recv_ms = 1_780_000_000_000 + wasReceived++
  const leaf = canonical({ t: 'leaf/1', k: 'statement', env: base64url(env), stmt: base64url(stmt), recv_ms })
  const promise = (await server.keys.at(-1)?.promise(leaf)) ?? ''
  const row: StatementRow = {
    id: newId(),
    kind: 'capture.record',
    session_id: 's',
    visit_id: 'v',
    seq: 1,
    at: recv_ms,
    statement: base64url(statement),
    signature: base64url(signature),
    about: '',
    said: {},
    state: 'promised',
    receipt: {
      statement_sha256: hex(stmt),
      env_sha256: hex(env),
      received_at: '2026-05-25T09:30:00Z',
      recv_ms,
      leaf,
      promise,
      remark: null,
      ...change,
    },
    leaf_hash: '',
    proof: null,
  }
  await db.statements.add(row)
  if (logged) await server.add(leaf)
  return row.id
}

const stateOf = async (id: string) => (await db.statements.get(id))?.state
const alarms = async () => (await db.alarms.toArray()).map((alarm) => alarm.kind)

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()))
  server = new Server()
  server.keys = [await logKey()]
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => server.fetch(path, init))
  await setValue('anchor', { srv_ms: 1_780_000_000_000, mono_ms: 5, wall_ms: 5 })
})

describe('an honest log', () => {
  it('proves what it promised, and later captures name the checkpoint', async () => {
    for (let n = 0; n < 5; n++) await server.add(`before ${n}`)
    const id = await sent()
    await server.add('after')
    expect(await anchorNow()).toEqual({ cp: null, size: 0, srv_ms: 1_780_000_000_000, mono_ms: 5 })
    await askLog(true)
    expect(await db.statements.get(id)).toMatchObject({ state: 'proven', proof: { index: 5, size: 7 } })
    const body = (await server.note()).split('\n\n')[0]
    expect(await anchorNow()).toMatchObject({ cp: base64url(await sha256(utf8(`${body}\n`))), size: 7 })
    expect(await alarms()).toEqual([])
  })

  it('that grows is held to what was seen before', async () => {
    await sent()
    for (const more of [0, 1, 2, 3, 8]) {
      for (let n = 0; n < more; n++) await server.add(`${more} ${n}`)
      const id = await sent()
      await askLog(true)
      expect(await stateOf(id)).toBe('proven')
    }
    expect(server.asked.map((one) => one.since)).toEqual([null, 2, 4, 7, 11])
    expect(await alarms()).toEqual([])
  })

  it('that has not come to it yet is asked again soon, not at once', async () => {
    const id = await sent({}, false)
    await server.add('another')
    await askLog(false)
    expect(await stateOf(id)).toBe('promised')
    await askLog(false)
    expect(server.asked).toHaveLength(1)
    expect((await seenLog()).ask_at).toBeGreaterThan(Date.now())
  })

  it('may change its key when the old one signs for the new one', async () => {
    const first = await sent()
    await askLog(true)
    const [old, fresh] = [server.keys[0] as LogKey, await logKey()]
    server.keys.push(fresh)
    const leaf = { t: 'leaf/1', k: 'log-key', vkey: fresh.vkey }
    await server.add(canonical(leaf))
    server.rotations = [
      {
        leaf,
        checkpoint: await server.note([old, fresh]),
        index: 1,
        hashes: (await path(1, server.leaves)).map(base64url),
      },
    ]
    const id = await sent()
    await askLog(true)
    expect([await stateOf(first), await stateOf(id)]).toEqual(['proven', 'proven'])
    expect((await seenLog()).keys).toEqual([old.vkey, fresh.vkey])
    expect(await alarms()).toEqual([])
  })

  it('that is empty, or out of reach, is no alarm', async () => {
    await askLog(true)
    vi.stubGlobal('fetch', async () => Response.json({ code: 'server_fault', status: 500 }, { status: 500 }))
    await sent({}, false)
    await askLog(true)
    expect(await alarms()).toEqual([])
  })
})

describe('a log that cheats', () => {
  it('by rewriting what was there raises an alarm that stays', async () => {
    const first = await sent()
    await sent()
    await askLog(true)
    const trusted = (await seenLog()).checkpoint
    server.leaves[0] = await leafHash(utf8('another photo'))
    const id = await sent()
    await askLog(true)
    await askLog(true)
    expect(await alarms()).toEqual(['inconsistent'])
    expect(await stateOf(id)).toBe('promised')
    // What is there no more is to be sent again; the proof that it was there stays with it.
    expect(await db.statements.get(first)).toMatchObject({
      state: 'made',
      lost: [{ proof: { index: 0, size: 2 }, receipt: { promise: expect.any(String) } }],
    })
    expect((await seenLog()).checkpoint).toEqual(trusted)
    const [alarm] = await db.alarms.toArray()
    expect(JSON.parse(alarm?.evidence ?? '')).toMatchObject({
      seen: trusted?.note,
      received: await server.note(),
    })
    expect(server.alarms).toEqual([expect.objectContaining({ id: alarm?.id, kind: 'inconsistent' })])
    await acknowledge(alarm?.id ?? '')
    await askLog(true)
    expect(await db.alarms.count()).toBe(1)
    expect((await db.alarms.toArray())[0]?.acknowledged_at).toBeGreaterThan(0)
  })

  it('by forgetting its end is found', async () => {
    await sent()
    await sent()
    await askLog(true)
    server.leaves.pop()
    await askLog(true)
    expect(await alarms()).toEqual(['inconsistent'])
    server.leaves = []
    await db.alarms.clear()
    await askLog(true)
    expect(await alarms()).toEqual(['inconsistent'])
  })

  it('by signing with a key that the old one never named is found', async () => {
    await sent()
    await askLog(true)
    server.keys = [await logKey()]
    const leaf = { t: 'leaf/1', k: 'log-key', vkey: server.keys[0]?.vkey ?? '' }
    await server.add(canonical(leaf))
    server.rotations = [
      {
        leaf,
        checkpoint: await server.note(),
        index: 1,
        hashes: (await path(1, server.leaves)).map(base64url),
      },
    ]
    const id = await sent()
    await askLog(true)
    expect(await alarms()).toEqual(['key_changed'])
    expect(await stateOf(id)).toBe('promised')
  })

  it('by never logging what it promised is found after a day of its own clock', async () => {
    await server.add('another')
    await sent({}, false)
    await askLog(true)
    expect(await alarms()).toEqual([])
    await setValue('anchor', { srv_ms: 1_780_000_000_000 + 24 * 3_600_000 + 60_000, mono_ms: 5, wall_ms: 5 })
    await askLog(true)
    expect(await alarms()).toEqual(['promise_broken'])
  })

  it('by a receipt for something else, or a promise of another key, is found', async () => {
    await server.add('another')
    const [wrongLeaf, wrongKey, good] = [
      await sent({ leaf: '{}' }),
      await sent({ promise: await (await logKey()).promise('x') }),
      await sent(),
    ]
    await askLog(true)
    expect(await stateOf(wrongLeaf)).toBe('broken')
    expect(await stateOf(wrongKey)).toBe('broken')
    expect(await stateOf(good)).toBe('proven')
    expect(await alarms()).toEqual(['proof_wrong', 'proof_wrong'])
  })

  it('by a proof that leads elsewhere is found', async () => {
    await server.add('another')
    const id = await sent()
    const honest = server.answer.bind(server)
    server.answer = async (asked) => {
      const answer = (await honest(asked)) as { proofs: Record<string, { hashes: string[] }> }
      for (const proof of Object.values(answer.proofs)) {
        const bytes = fromBase64url(proof.hashes[0] ?? '')
        bytes[0] = (bytes[0] ?? 0) ^ 1
        proof.hashes[0] = base64url(bytes)
      }
      return answer
    }
    await askLog(true)
    expect(await alarms()).toEqual(['proof_wrong'])
    expect(await stateOf(id)).toBe('promised')
  })
})

describe('an alarm that the server does not take', () => {
  const standing = async () => (await db.alarms.orderBy('id').toArray()).map((row) => row.reported)

  beforeEach(async () => {
    for (const fact of ['a', 'b', 'c']) await raiseAlarm('proof_wrong', fact, {})
  })

  it('holds up no other: refused for good it is put aside, after a fault it is tried again', async () => {
    const [first, second] = (await db.alarms.orderBy('id').toArray()).map((row) => row.id)
    server.refuse = ({ id }) => {
      if (id === first) return { code: 'state_secret_refused', status: 422 }
      return id === second ? { code: 'server_fault', status: 500 } : null
    }
    await reportAlarms()
    expect(await standing()).toEqual([2, 0, 1])
    server.refuse = () => null
    await reportAlarms()
    expect(await standing()).toEqual([2, 1, 1])
  })

  it('because there were too many today is waited out, and so are the others', async () => {
    server.refuse = () => ({ code: 'too_many_alarms', status: 429, headers: { 'Retry-After': '3600' } })
    await reportAlarms()
    await reportAlarms()
    expect(server.tried).toBe(1)
    expect(await standing()).toEqual([0, 0, 0])
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001)
    server.refuse = () => null
    await reportAlarms()
    vi.restoreAllMocks()
    expect(await standing()).toEqual([1, 1, 1])
  })

  it('because nobody is signed in ends the run', async () => {
    server.refuse = () => ({ code: 'not_signed_in', status: 401 })
    await expect(reportAlarms()).rejects.toThrow()
    expect(server.tried).toBe(1)
    expect(await standing()).toEqual([0, 0, 0])
  })
})
