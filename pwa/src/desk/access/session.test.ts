import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, expired, openSession, session } from './session'

/** A server where one person is signed in; acts need that session's CSRF token. */
function server(id: () => string): string[] {
  const done: string[] = []
  vi.stubGlobal('fetch', async (path: string | URL, options: RequestInit = {}) => {
    if (String(path).endsWith('/api/session'))
      return Response.json({ person: { id: id(), permissions: [] }, csrf_token: `csrf of ${id()}` })
    if (new Headers(options.headers).get('X-CSRF-Token') !== `csrf of ${id()}`)
      return Response.json({ code: 'csrf_failed', status: 403 }, { status: 403 })
    done.push(id())
    return Response.json({})
  })
  return done
}

describe('ask', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('does nothing in the name of somebody who signed in in another window', async () => {
    let who = 'hejing'
    const done = server(() => who)
    await openSession()
    await ask('/api/evidence/1/review', { json: {} })
    who = 'zhouheng'
    await expect(ask('/api/evidence/2/review', { json: {} })).rejects.toMatchObject({ code: 'csrf_failed' })
    expect(done).toEqual(['hejing'])
    expect(expired.value).toBe(true)
    expect(session.value?.person.id).toBe('hejing')
  })
})
