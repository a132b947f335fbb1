/** Web Push, where the browser can reach its push service. */
import { Refused, request } from '@shared/kit/api'
import { base64url, fromBase64url } from '@shared/kit/crypto/encoding'
import { newId } from '@shared/kit/ids'
import { device } from '../access/session'
import { getValue, setValue } from '../db/db'
import { browserSubscription, dropBrowserSubscription, PushUnavailable, within } from './browser'

export { PushUnavailable }

/** What was subscribed here, as long as the browser still keeps it: it may have dropped it by itself. */
export const isSubscribed = async (): Promise<boolean> =>
  (await getValue<string | null>('push_subscription')) != null && (await browserSubscription()) !== null

export async function subscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  if (!registration || !('PushManager' in window)) throw new PushUnavailable('unsupported')
  if ((await Notification.requestPermission()) !== 'granted') throw new PushUnavailable('denied')
  const { public_key } = await request<{ public_key: string }>('/api/push/key')
  let subscription: PushSubscription
  try {
    await dropBrowserSubscription() // one made with a key that the server no longer has would stand in the way
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
  if (id) await request(`/api/push/subscriptions/${id}`, { method: 'DELETE' }).catch(unlessGone)
  await dropBrowserSubscription()
  await setValue('push_subscription', null)
}

/** The server forgets by itself what a push service no longer takes. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Refused && error.status === 404)) throw error
}
