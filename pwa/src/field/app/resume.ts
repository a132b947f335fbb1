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
