/** An act on something the person has looked at: recognised when it is sent twice, refused when it has changed since. */
import { newId } from '@shared/kit/ids'
import { ask } from '../access/session'

export function command<T>(path: string, json?: unknown, version?: number): Promise<T> {
  const headers: Record<string, string> = { 'Idempotency-Key': newId() }
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  return ask<T>(path, { method: 'POST', json, headers })
}
