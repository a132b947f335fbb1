/** The browser's own subscription to its push service. Every step is bounded in time: a push service may never answer. */
const LIMIT_MS = 10_000

export class PushUnavailable extends Error {
  override readonly name = 'PushUnavailable'
  constructor(readonly reason: 'unsupported' | 'denied' | 'timeout') {
    super(reason)
  }
}

export function within<T>(act: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new PushUnavailable('timeout')), LIMIT_MS)
    act.then(resolve, reject)
  })
}

export async function browserSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration()
  return (await registration?.pushManager?.getSubscription()) ?? null
}

/**
 * Nobody's notices come to this browser any more. The push service then refuses what the server still sends, and the
 * server forgets the subscription.
 */
export async function dropBrowserSubscription(): Promise<void> {
  const subscription = await browserSubscription()
  if (subscription) await within(subscription.unsubscribe())
}
