/** Who works on this phone. Signing in needs the network once; afterwards the phone stays signed in, also offline. */
import type { SessionView } from '@shared/api/contract'
import { configureApi, Refused, request } from '@shared/kit/api'
import { monoMs, wallMs } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { shallowRef } from 'vue'
import { db, durable, getValue, setValue } from '../db/db'
import { dropBrowserSubscription } from '../inbox/browser'

export type LocalSession = Omit<SessionView, 'token' | 'server_time'>
export interface LocalDevice {
  id: string
  name: string
  platform: string
  enrolled: boolean
}
/** Server time last seen, beside the monotonic clock of that moment. */
export interface Anchor {
  srv_ms: number
  mono_ms: number
  wall_ms: number
}

export const session = shallowRef<LocalSession | null>(null)
export const device = shallowRef<LocalDevice | null>(null)
/** The server no longer accepts the session; local work goes on, sending waits for a new sign-in. */
export const sessionExpired = shallowRef(false)

export class UnsentOfAnother extends Error {
  override readonly name = 'UnsentOfAnother'
  constructor(
    readonly person: string,
    readonly count: number,
  ) {
    super(person)
  }
}
export class UnsentRemains extends Error {
  override readonly name = 'UnsentRemains'
  constructor(readonly count: number) {
    super(String(count))
  }
}

configureApi({
  csrfToken: () => session.value?.csrf_token ?? null,
  deviceId: () => device.value?.id ?? null,
  sawServerTime: (iso) => {
    const anchor: Anchor = { srv_ms: Date.parse(iso), mono_ms: monoMs(), wall_ms: wallMs() }
    void setValue('anchor', anchor)
  },
})

function platformName(): string {
  const agent = navigator.userAgent
  if (/iPhone|iPad/.test(agent)) return 'iOS'
  if (/Android/.test(agent)) return 'Android'
  if (/Mac OS/.test(agent)) return 'macOS'
  return /Windows/.test(agent) ? 'Windows' : 'Linux'
}

export async function restoreSession(): Promise<void> {
  const [kept, known, expired] = await durable(() => db.kv.bulkGet(['session', 'device', 'session_expired']))
  session.value = (kept?.v as LocalSession | undefined) ?? null
  device.value = (known?.v as LocalDevice | undefined) ?? null
  sessionExpired.value = expired?.v === true
}

/** How many things wait, as a person counts them: a photo is one, whatever of it is still to be sent. */
export const countUnsent = async (): Promise<number> => {
  const [operations, uploads] = await durable(() =>
    Promise.all([db.outbox.orderBy('id').keys(), db.uploads.orderBy('capture_id').keys()]),
  )
  return new Set([...operations, ...uploads]).size
}

async function keep(view: SessionView): Promise<void> {
  const { token: _token, server_time: _time, ...local } = view
  await durable(() =>
    db.kv.bulkPut([
      { k: 'session', v: local },
      { k: 'session_expired', v: false },
    ]),
  )
  session.value = local
  sessionExpired.value = false
}

/** `own` is chosen in the same step by whoever has a first password. */
export async function signIn(login: string, password: string, own: string | null = null): Promise<void> {
  const before = await getValue<LocalSession>('session')
  const json = { login, password, transport: 'cookie', new_password: own }
  const view = await request<SessionView>('/api/session', { json })
  if (before && before.person.id !== view.person.id) {
    const unsent = await countUnsent()
    if (unsent > 0) {
      await request('/api/session', { method: 'DELETE', headers: { 'X-CSRF-Token': view.csrf_token } }).catch(
        () => {},
      )
      throw new UnsentOfAnother(before.person.name, unsent)
    }
    await forgetEverything()
  }
  await keep(view)
  await enrolDevice()
}

/** Idempotent on the device's id; tried again at each sync until the server has confirmed it. */
export async function enrolDevice(): Promise<void> {
  let known = device.value
  if (!known) {
    const platform = platformName()
    known = {
      id: newId(),
      name: `${platform} · ${/Mobile/.test(navigator.userAgent) ? '手机' : '浏览器'}`,
      platform,
      enrolled: false,
    }
    await setValue('device', known)
    device.value = known
  }
  if (known.enrolled) return
  await request('/api/devices', { json: { id: known.id, name: known.name, platform: known.platform } })
  const enrolled = { ...known, enrolled: true }
  await setValue('device', enrolled)
  device.value = enrolled
}

/** The server no longer knows this phone: it was put back to a backup of before. */
export async function enrolAgain(): Promise<void> {
  if (device.value) device.value = { ...device.value, enrolled: false }
  await enrolDevice()
}

/**
 * The browser's session, if it still is this phone's person's. The desk shares the cookie: when somebody else signed in
 * there, this phone must neither send its person's work in their name nor take what is theirs.
 */
export async function confirmSession(): Promise<void> {
  const view = await request<SessionView>('/api/session')
  if (session.value && view.person.id !== session.value.person.id) throw new Refused(NOT_OURS, new Headers())
  await keep(view)
}

const NOT_OURS = {
  type: 'urn:zhicha:problem:not_signed_in',
  title: 'Sign in first.',
  title_zh: '请先登录。',
  status: 401,
  detail: 'Somebody else signed in in this browser.',
  code: 'not_signed_in',
  params: {},
  errors: [],
}

/** Asks whether the session still stands and takes the current CSRF token. Silent when the server is out of reach. */
export async function refreshSession(): Promise<'ok' | 'expired' | 'unreachable'> {
  try {
    await confirmSession()
    return 'ok'
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      await markExpired()
      return 'expired'
    }
    return 'unreachable'
  }
}

export async function markExpired(): Promise<void> {
  await setValue('session_expired', true)
  sessionExpired.value = true
}

/** Refused while anything waits: signing out wipes the phone, and unsent evidence must not be lost. */
export async function signOut(): Promise<void> {
  const unsent = await countUnsent()
  if (unsent > 0) throw new UnsentRemains(unsent)
  await request('/api/session', { method: 'DELETE' }).catch((error) => {
    if (!(error instanceof Refused && error.status === 401)) throw error
  })
  await forgetEverything()
  session.value = null
}

async function forgetEverything(): Promise<void> {
  const tables = db.tables
  await durable(() =>
    db.transaction('rw', tables, async () => {
      const unsent = await countUnsent()
      if (unsent > 0) throw new UnsentRemains(unsent)
      // The log and its alarms are the server's, not this person's: who comes next goes on watching it.
      const kept = await db.kv.bulkGet(['settings', 'log'])
      await Promise.all(tables.filter((table) => table.name !== 'alarms').map((table) => table.clear()))
      await db.kv.bulkPut(kept.filter((row) => row !== undefined))
    }),
  )
  device.value = null
  // Whoever holds the phone next must not learn when there is news for who held it before.
  await dropBrowserSubscription().catch(() => {})
}
