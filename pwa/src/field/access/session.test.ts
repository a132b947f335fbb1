import 'fake-indexeddb/auto'
import { Refused } from '@shared/kit/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { db, setValue } from '../db/db'
import type { OutboxRow, UploadRow } from '../db/rows'
import {
  confirmSession,
  countUnsent,
  refreshSession,
  restoreSession,
  session,
  sessionExpired,
  signOut,
} from './session'

const signedInAs = (id: string) => ({
  person: { id, name: id, unit: { id: 'u', name: 'u' }, roles: [], permissions: [] },
  org: { id: 'o', name: 'o' },
  csrf_token: `csrf of ${id}`,
  expires_at: '2026-05-25T09:30:00Z',
})

function serverSays(id: string): void {
  const view = { ...signedInAs(id), token: null, server_time: '2026-05-25T09:30:00Z' }
  vi.stubGlobal('fetch', async () => Response.json(view))
}

describe('somebody else signs in at the desk of the same browser', () => {
  beforeEach(async () => {
    await setValue('session', signedInAs('linxia'))
    await setValue('session_expired', false)
    await restoreSession()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('keeps the phone with its person and stops sending', async () => {
    serverSays('zhouheng')
    await expect(confirmSession()).rejects.toBeInstanceOf(Refused)
    expect(await refreshSession()).toBe('expired')
    expect(sessionExpired.value).toBe(true)
    expect(session.value?.person.id).toBe('linxia')
    expect(session.value?.csrf_token).toBe('csrf of linxia')
  })

  it('goes on once its person is back', async () => {
    serverSays('linxia')
    expect(await refreshSession()).toBe('ok')
    expect(sessionExpired.value).toBe(false)
  })
})

describe('what waits', () => {
  afterEach(() => Promise.all([db.outbox.clear(), db.uploads.clear()]))

  it('is counted in things, not in transfers, and keeps the phone from being wiped', async () => {
    await db.outbox.add({ id: 'photo' } as OutboxRow)
    await db.outbox.add({ id: 'finding' } as OutboxRow)
    for (const role of ['original', 'preview'])
      await db.uploads.add({ key: `photo:${role}`, capture_id: 'photo' } as UploadRow)
    expect(await countUnsent()).toBe(2)
    await expect(signOut()).rejects.toMatchObject({ count: 2 })
    expect(await db.uploads.count()).toBe(2)
  })
})
