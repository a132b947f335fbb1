import 'fake-indexeddb/auto'
import { base64url, fromBase64url } from '@shared/kit/crypto/encoding'
import { newSigningKey, sha256, sign } from '@shared/kit/crypto/keys'
import { newId } from '@shared/kit/ids'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { device, type LocalSession, session } from '../access/session'
import { db, setValue } from '../db/db'
import type { StatementRow, VisitRow } from '../db/rows'
import { sealVisit } from '../visits/commands'
import { addNote, clockNow, cosignSeal, discardCapture } from './acts'
import { currentSession } from './chain'
import { type CaptureJob, recordCapture } from './record'
import { chainFault, type Link, sessionFault } from './verify'

vi.stubGlobal('__BUILD__', 'test')
vi.stubGlobal('navigator', {})
const VISIT = { id: newId(), title: '县人民医院' } as VisitRow

async function shoot(): Promise<string> {
  const id = newId()
  const job: CaptureJob = {
    id,
    file: new Blob([crypto.getRandomValues(new Uint8Array(64))], { type: 'image/jpeg' }),
    src: 'camera',
    visit: { id: VISIT.id, item_id: newId(), site_id: null, title: VISIT.title },
    author: { person_id: session.value?.person.id ?? '', device_id: device.value?.id ?? '', app: 'test' },
    clock: clockNow(),
    anchor: null,
    online: false,
    note: null,
  }
  await recordCapture(job, Promise.resolve({ position: null, error: 'denied' }))
  return id
}

const statements = () => db.statements.toArray()
const bySession = (rows: StatementRow[]): Link[][] => {
  const chains = new Map<string, StatementRow[]>()
  for (const row of rows.sort((a, b) => a.seq - b.seq))
    chains.set(row.session_id, [...(chains.get(row.session_id) ?? []), row])
  return [...chains.values()].sort((a, b) => (a[0]?.at ?? 0) - (b[0]?.at ?? 0)) as unknown as Link[][]
}
const only = async (): Promise<Link[]> => bySession(await statements())[0] ?? []
const spoken = (row: StatementRow | undefined) =>
  JSON.parse(new TextDecoder().decode(fromBase64url(row?.statement ?? '')))

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()))
  session.value = { person: { id: newId(), name: '林夏' } } as LocalSession
  device.value = { id: newId(), name: '测试', platform: 'test', enrolled: true }
})

describe('a discard', () => {
  it('leaves the photo where it is and stands in the chain with its reason', async () => {
    const id = await shoot()
    await discardCapture(VISIT, id, '误拍', false)
    expect(await db.captures.get(id)).toBeDefined()
    expect(await db.blobs.get(`${id}:original`)).toBeDefined()
    expect(await db.uploads.get(`${id}:original`)).toBeDefined()
    const [row] = await db.statements.where('about').equals(id).toArray()
    expect(row).toMatchObject({ kind: 'capture.discard', said: { reason: '误拍' }, state: 'made', seq: 2 })
    expect(spoken(row)).toMatchObject({ t: 'discard/1', capture: id, reason: '误拍', seq: 2 })
    expect(await chainFault(await only())).toBeNull()
    expect((await db.outbox.orderBy('n').toArray()).map((one) => one.operation.kind)).toEqual([
      'session.open',
      'capture.record',
      'capture.discard',
    ])
  })

  it('after the visit is over opens a chain of its own and seals it', async () => {
    const id = await shoot()
    await sealVisit(VISIT, false)
    await discardCapture(VISIT, id, '误拍', true)
    expect(await currentSession(VISIT.id)).toBeUndefined()
    const chains = bySession(await statements())
    expect(chains.map((links) => links.length)).toEqual([3, 3])
    expect(await sessionFault(chains)).toBeNull()
  })
})

describe('a note', () => {
  it('keeps its text in the private part only', async () => {
    await addNote(VISIT, null, '东门上锁', false)
    const note = (await statements()).find((one) => one.kind === 'note.add')
    expect(JSON.stringify(spoken(note))).not.toContain('东门')
    const operations = (await db.outbox.toArray()).map((row) => row.operation)
    const secret = operations.find((one) => one.kind === 'note.add')?.private ?? ''
    expect(spoken(note).priv_h).toBe(base64url(await sha256(fromBase64url(secret))))
    expect(JSON.parse(new TextDecoder().decode(fromBase64url(secret)))).toMatchObject({
      who: session.value?.person.id,
      text: '东门上锁',
    })
  })
})

describe('a seal', () => {
  it('says what lies in the chain, and a cosignature follows it', async () => {
    const [first, second] = [await shoot(), await shoot()]
    await discardCapture(VISIT, first, '模糊', false)
    await addNote(VISIT, second, '三层东侧', false)
    expect(await db.statements.where('about').equals(second).count()).toBe(1)
    const id = await sealVisit(VISIT)
    const seal = await db.statements.get(id ?? '')
    expect(seal?.said).toMatchObject({ count: 4, captures: 2, voided: 1, notes: 1, passkey: false })
    expect(seal?.said.digest).toBe(base64url(await sha256(fromBase64url(seal?.statement ?? ''))))
    if (!seal) throw new Error('no seal')
    await cosignSeal(seal, VISIT.title, {
      party: 'unit',
      outcome: 'refused',
      name: '门卫',
      post: '',
      reason: '未说明理由',
      person: null,
      ink: null,
    })
    const cosign = (await statements()).find((row) => row.kind === 'session.cosign')
    expect(spoken(cosign)).toMatchObject({
      t: 'cosign/1',
      seal: seal.said.digest,
      party: 'unit',
      outcome: 'refused',
      seq: 6,
    })
    expect(JSON.stringify(spoken(cosign))).not.toContain('门卫')
    expect(await chainFault(await only())).toBeNull()
    expect(await sealVisit(VISIT)).toBeNull()
  })
})

describe('one chain per visit', () => {
  async function threeAndSeal(): Promise<Link[]> {
    for (let n = 0; n < 3; n++) await shoot()
    await sealVisit(VISIT, false)
    return only()
  }

  it('goes on after the app was closed', async () => {
    await shoot()
    db.close()
    await db.open()
    await shoot()
    const links = await only()
    expect(links).toHaveLength(3)
    expect(await chainFault(links)).toBeNull()
  })

  it('shows when one is missing, swapped, doubled, changed or added', async () => {
    const links = await threeAndSeal()
    expect(links).toHaveLength(5)
    expect(await chainFault(links)).toBeNull()
    for (const gone of [0, 1, 2, 3]) expect(await chainFault(links.toSpliced(gone, 1))).not.toBeNull()
    const [open, a, b, c, seal] = links as [Link, Link, Link, Link, Link]
    expect(await chainFault([open, b, a, c, seal])).toBe('order')
    expect(await chainFault([open, a, a, b, c, seal])).toBe('order')
    expect(await chainFault([open, a, b, c, seal, seal])).toBe('order')
    const bytes = fromBase64url(a.statement)
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
    expect(await chainFault([open, { ...a, statement: base64url(bytes) }, b, c, seal])).toBe('signature')
  })

  it('shows when a capture was signed anew with another key', async () => {
    const links = await threeAndSeal()
    const other = await newSigningKey()
    const forged = { ...(links[2] as Link) }
    forged.signature = base64url(await sign(other.privateKey, fromBase64url(forged.statement)))
    expect(await chainFault(links.toSpliced(2, 1, forged))).toBe('signature')
  })

  it('shows when a whole session was taken out: the next one names its seal', async () => {
    await threeAndSeal()
    await shoot()
    await sealVisit(VISIT, false)
    await shoot()
    const chains = bySession(await statements())
    expect(chains).toHaveLength(3)
    expect(await sessionFault(chains)).toBeNull()
    expect(await sessionFault(chains.toSpliced(1, 1))).toBe('link')
    expect(await sessionFault(chains.toSpliced(0, 1))).toBe('link')
    // The tail together with its seal: the session after it names a seal that is not there.
    expect(
      await sessionFault([chains[0] as Link[], (chains[1] as Link[]).slice(0, -1), chains[2] as Link[]]),
    ).toBe('link')
  })

  it('begins with the seal that was last when it was signed, or is signed again', async () => {
    await setValue('prev_seal', 'a'.repeat(43))
    await shoot()
    expect(spoken((await statements()).find((row) => row.kind === 'session.open')).prev_seal).toBe(
      'a'.repeat(43),
    )
  })
})
