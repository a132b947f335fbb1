/**
 * The one way to talk to the server: cookie session, CSRF token on unsafe methods, RFC 9457 problems as exceptions,
 * a timeout on every request. Works in the page and in the service worker.
 */
import type { Problem } from '@shared/api/contract'

/** The server answered and refused. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly problem: Problem,
    readonly headers: Headers,
  ) {
    super(problem.code)
  }
  get code(): string {
    return this.problem.code
  }
  get status(): number {
    return this.problem.status
  }
  /** Seconds from Retry-After, when the server named them. */
  get retryAfterSeconds(): number | null {
    const seconds = Number(this.headers.get('Retry-After'))
    return Number.isFinite(seconds) && seconds > 0 ? seconds : null
  }
}

/** No answer came: no network, no server, or too slow. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  constructor(readonly reason: 'offline' | 'timeout' | 'aborted') {
    super(reason)
  }
}

export interface ApiContext {
  csrfToken(): string | null
  deviceId(): string | null
  /** Told of every server time seen, with the moments around the request, to anchor the device's clock. */
  sawServerTime?(iso: string): void
}

let context: ApiContext = { csrfToken: () => null, deviceId: () => null }
export function configureApi(next: ApiContext): void {
  context = next
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  /** A plain value is sent as JSON; bytes go as they are. */
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
  timeoutMs?: number
  signal?: AbortSignal
}

const SAFE = new Set(['GET', 'HEAD'])

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<Problem>
    if (typeof body.code === 'string') return { ...body, code: body.code, status: response.status }
  } catch {
    // Not JSON: a proxy answered instead of the server. The status still says what to do.
  }
  return { status: response.status, code: `http_${response.status}` }
}

export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? (options.json === undefined && options.body === undefined ? 'GET' : 'POST')
  const headers = new Headers(options.headers)
  headers.set('Accept', 'application/json')
  if (options.json !== undefined) headers.set('Content-Type', 'application/json')
  if (!SAFE.has(method)) {
    const token = context.csrfToken()
    if (token) headers.set('X-CSRF-Token', token)
  }
  const device = context.deviceId()
  if (device) headers.set('X-Device-Id', device)

  const timeout = AbortSignal.timeout(options.timeoutMs ?? 20_000)
  const signal = options.signal ? anySignal(options.signal, timeout) : timeout
  try {
    return await fetch(path, {
      method,
      headers,
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    })
  } catch {
    if (options.signal?.aborted) throw new Unreachable('aborted')
    throw new Unreachable(timeout.aborted ? 'timeout' : 'offline')
  }
}

/** `AbortSignal.any` is missing in Safari 16 and Chrome 108, which are still in use. */
function anySignal(first: AbortSignal, second: AbortSignal): AbortSignal {
  const controller = new AbortController()
  for (const signal of [first, second]) {
    if (signal.aborted) controller.abort()
    else signal.addEventListener('abort', () => controller.abort(), { once: true })
  }
  return controller.signal
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options)
  if (!response.ok) throw new Refused(await problemOf(response), response.headers)
  if (response.status === 204) return undefined as T
  const body = (await response.json()) as T
  const time = (body as { server_time?: unknown } | null)?.server_time
  if (typeof time === 'string') context.sawServerTime?.(time)
  return body
}
