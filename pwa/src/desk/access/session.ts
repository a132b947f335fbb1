/** Who is signed in at this desk, and the one way for its pages to ask the server. */
import type { SessionView } from '@shared/api/contract'
import { configureApi, Refused, type RequestOptions, request } from '@shared/kit/api'
import { computed, shallowRef } from 'vue'

export type Permission =
  | 'item.propose'
  | 'item.sign'
  | 'item.direct'
  | 'item.handle'
  | 'item.plan'
  | 'slip.read'
  | 'slip.draft'
  | 'slip.issue'
  | 'slip.receive'
  | 'contact.manage'
  | 'meeting.read'
  | 'meeting.record'
  | 'circulation.read'
  | 'circulation.keep'
  | 'calendar.read'
  | 'calendar.import'
  | 'rule.read'
  | 'programme.read'
  | 'programme.draft'
  | 'programme.approve'
  | 'rule.edit'
  | 'rule.enact'
  | 'people.read'
  | 'people.manage'
  | 'account.read'
  | 'role.confirm'
  | 'device.read'
  | 'device.confirm'
  | 'item.read'
  | 'item.register'
  | 'item.extend'
  | 'site.read'
  | 'site.manage'
  | 'visit.read'
  | 'visit.plan'
  | 'visit.approve'
  | 'visit.release'
  | 'evidence.read'
  | 'evidence.review'
  | 'evidence.export'
  | 'evidence.export_personal'
  | 'alarm.read'
  | 'finding.read'
  | 'finding.confirm'
  | 'case.read'
  | 'case.draft'
  | 'case.propose'

export const session = shallowRef<SessionView | null>(null)
/** The server no longer accepts the session. What is on the screen stays until the person has signed in again. */
export const expired = shallowRef(false)
export const unreachableAtStart = shallowRef<unknown>(null)

const permissions = computed(() => new Set(session.value?.person.permissions ?? []))
export const can = (permission: Permission): boolean => permissions.value.has(permission)
/** Whether one of them is held; nothing asked for is nothing refused. */
export const canAny = (asked: Permission | readonly Permission[] | null | undefined): boolean =>
  !asked || (typeof asked === 'string' ? can(asked) : asked.some(can))

configureApi({ csrfToken: () => session.value?.csrf_token ?? null, deviceId: () => null })

export async function openSession(): Promise<void> {
  unreachableAtStart.value = null
  try {
    session.value = await request<SessionView>('/api/session')
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) unreachableAtStart.value = error
  }
}

/** `own` is chosen in the same step by whoever has a first password. */
export async function signIn(login: string, password: string, own: string | null = null): Promise<void> {
  const before = session.value?.person.id
  const json = { login, password, transport: 'cookie', new_password: own }
  const view = await request<SessionView>('/api/session', { json })
  session.value = view
  expired.value = false
  // Another person's screen must not show what the first one had open.
  if (before && before !== view.person.id) location.reload()
}

export async function signOut(): Promise<void> {
  await request('/api/session', { method: 'DELETE' }).catch((error: unknown) => {
    if (!(error instanceof Refused && error.status === 401)) throw error
  })
  // A fresh page holds nothing of what was open before.
  location.assign('/desk/')
}

/** Like `request`, but notices a lost session, and renews a CSRF token that another tab made stale. */
export async function ask<T>(path: string, options: RequestOptions = {}): Promise<T> {
  try {
    return await request<T>(path, options)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.status === 401) expired.value = true
    if (error.code !== 'csrf_failed') throw error
    const renewed = await request<SessionView>('/api/session')
    if (session.value && renewed.person.id !== session.value.person.id) {
      // Somebody else signed in in another window: what this one was about to do is not to be done in their name.
      expired.value = true
      throw error
    }
    session.value = renewed
    return request<T>(path, options)
  }
}
