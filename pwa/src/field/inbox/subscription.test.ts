import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { signOut } from '../access/session'
import { getValue, setValue } from '../db/db'
import { isSubscribed, unsubscribe } from './subscription'

let kept: { unsubscribe: () => Promise<boolean> } | null

function serverAnswers(status: number): void {
  const code = status === 404 ? 'not_found' : 'server_fault'
  vi.stubGlobal('fetch', async () =>
    status === 204
      ? new Response(null, { status })
      : Response.json({ code, status, title: code, detail: code, params: {}, errors: [] }, { status }),
  )
}

beforeEach(async () => {
  kept = {
    unsubscribe: async () => {
      kept = null
      return true
    },
  }
  const pushManager = { getSubscription: async () => kept }
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => ({ pushManager }) } })
  await setValue('push_subscription', '01980000-0000-7000-8000-000000000001')
})
afterEach(() => vi.unstubAllGlobals())

it('ends at both sides', async () => {
  serverAnswers(204)
  expect(await isSubscribed()).toBe(true)
  await unsubscribe()
  expect([kept, await isSubscribed()]).toEqual([null, false])
})

it('ends also where the server has forgotten it already, after 404 or 410 from the push service', async () => {
  serverAnswers(404)
  await unsubscribe()
  expect([kept, await getValue('push_subscription')]).toEqual([null, null])
})

it('goes on while the server cannot be told', async () => {
  serverAnswers(500)
  await expect(unsubscribe()).rejects.toThrow()
  expect(await isSubscribed()).toBe(true)
})

it('is not said to be on when the browser has dropped it', async () => {
  kept = null
  expect(await isSubscribed()).toBe(false)
})

it('ends with the sign-out: the next person learns nothing of the news of the one before', async () => {
  serverAnswers(204)
  await signOut()
  expect(kept).toBe(null)
})
