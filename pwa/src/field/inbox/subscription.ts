/** Web Push, where the browser can reach its push service. Every step is bounded in time: `subscribe()` may hang. */
import { request } from '@shared/kit/api'
import { base64url, fromBase64url } from '@shared/kit/crypto/encoding'
import { newId } from '@shared/kit/ids'
import { device } from '../access/session'
import { getValue, setValue } from '../db/db'

const LIMIT_MS = 10_000

export class PushUnavailable extends Error {
  override readonly name = 'PushUnavailable'
  constructor(readonly reason: 'unsupported' | 'denied' | 'timeout') {
    super(reason)
  }
}

export const isSubscribed = async (): Promise<boolean> =>
  (await getValue<string | null>('push_subscription')) != null

function within<T>(act: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new PushUnavailable('timeout')), LIMIT_MS)
    act.then(resolve, reject)
  })
}

export async function subscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  if (!registration || !('PushManager' in window)) throw new PushUnavailable('unsupported')
  if ((await Notification.requestPermission()) !== 'granted') throw new PushUnavailable('denied')
  const { public_key } = await request<{ public_key: string }>('/api/push/key')
  let subscription: PushSubscription
  try {
    subscription = await within(
      registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: fromBase64url(public_key),
      }),
    )
  } catch (error) {
    if (error instanceof PushUnavailable) throw error
    throw new PushUnavailable('unsupported')
  }
  const id = newId()
  await request('/api/push/subscriptions', {
    json: {
      id,
      endpoint: subscription.endpoint,
      p256dh: base64url(subscription.getKey('p256dh') ?? new ArrayBuffer(0)),
      auth: base64url(subscription.getKey('auth') ?? new ArrayBuffer(0)),
      device_id: device.value?.id,
    },
  })
  await setValue('push_subscription', id)
}

export async function unsubscribe(): Promise<void> {
  const id = await getValue<string | null>('push_subscription')
  if (id) await request(`/api/push/subscriptions/${id}`, { method: 'DELETE' })
  const registration = await navigator.serviceWorker?.getRegistration()
  const subscription = await registration?.pushManager?.getSubscription()
  if (subscription) await within(subscription.unsubscribe())
  await setValue('push_subscription', null)
}
