import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { restoreSession } from '../access/session'
import { db, setValue } from '../db/db'
import type { OutboxRow } from '../db/rows'
import { drain } from './engine'

const ME = {
  person: { id: 'linxia', name: '林夏', unit: { id: 'u', name: 'u' }, roles: [], permissions: [] },
  org: { id: 'o', name: 'o' },
  csrf_token: 'csrf',
  expires_at: '2026-05-25T09:30:00Z',
}
const NOW = '2026-05-25T09:30:00Z'

afterEach(() => vi.unstubAllGlobals())

it('enrols again under a server that was put back to a time before it knew this phone', async () => {
  await setValue('session', ME)
  await setValue('device', { id: 'phone', name: '手机', platform: 'test', enrolled: true })
  await restoreSession()
  const operation = { kind: 'query.answer', id: 'a', query_id: 'q', text: 'x' }
  const label = { kind: 'query.answer', at: 1, subject: '' }
  const waiting = { state: 'waiting', tries: 0, next_at: 0, cause: null, label }
  await db.outbox.add({ id: 'a', chain: null, operation, ...waiting } as OutboxRow)
  const asked: string[] = []
  let known = false
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push(`${init.method} ${path.split('?')[0]}`)
    if (path === '/api/session') return Response.json({ ...ME, token: null, server_time: NOW })
    if (path === '/api/devices') known = true
    if (path === '/api/sync/push') {
      if (!known) return Response.json({ code: 'device_unknown', status: 409 }, { status: 409 })
      const results = [{ id: 'a', status: 'applied', problem: null, receipt: null }]
      return Response.json({ results, server_time: NOW })
    }
    if (path.startsWith('/api/sync/pull'))
      return Response.json({ changes: [], cursor: 'c', more: false, rebase: false, server_time: NOW })
    return Response.json({ checkpoint: '', consistency: [], proofs: {}, rotations: [] })
  })
  expect(await drain({ force: true })).toBe('done')
  expect(asked.slice(0, 4)).toEqual([
    'GET /api/session',
    'POST /api/sync/push',
    'POST /api/devices',
    'POST /api/sync/push',
  ])
  expect(await db.outbox.count()).toBe(0)
  expect((await db.kv.get('device'))?.v).toMatchObject({ id: 'phone', enrolled: true })
})
