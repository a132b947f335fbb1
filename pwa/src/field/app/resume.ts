/**
 * The page may be killed while the camera app is open. The route is written down first (synchronously, before the
 * camera opens), and the next start returns to it.
 */
const KEY = 'zhicha.resume'
const VALID_MS = 15 * 60_000

export function rememberRoute(path: string): void {
  localStorage.setItem(KEY, JSON.stringify({ path, at: Date.now() }))
}

export function forgetRoute(): void {
  localStorage.removeItem(KEY)
}

export function routeToResume(): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as { path: string; at: number } | null
    forgetRoute()
    return kept && Date.now() - kept.at < VALID_MS ? kept.path : null
  } catch {
    return null
  }
}

const SIGNED_IN = 'zhicha.signed_in'

/** A hint that can be read before the database is open: which screen to fetch meanwhile. The session decides. */
export const wasSignedIn = (): boolean => localStorage.getItem(SIGNED_IN) !== null

export function noteSignedIn(signedIn: boolean): void {
  if (signedIn) localStorage.setItem(SIGNED_IN, '1')
  else localStorage.removeItem(SIGNED_IN)
}
