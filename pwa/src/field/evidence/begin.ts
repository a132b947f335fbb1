/** Beginning a chain with the person's own confirmation, before the first photo. */
import { fromBase64url } from '@shared/kit/crypto/encoding'
import { confirmWithPasskey, passkeysHere } from '../access/passkeys'
import type { VisitRow } from '../db/rows'
import { author, clockNow } from './acts'
import {
  ChainMoved,
  currentSession,
  keepSeal,
  keepSession,
  prepareSeal,
  prepareSession,
  withChain,
} from './chain'

/**
 * Asks only when a passkey is here and the next photo would begin a chain. Nothing waits for the answer: a photo taken
 * meanwhile begins the chain itself, and what was prepared is dropped. Says whether the person confirmed.
 */
export async function beginWithPasskey(visit: Pick<VisitRow, 'id' | 'title'>): Promise<boolean> {
  if ((await passkeysHere()).length === 0) return false
  const clock = clockNow()
  const open = await currentSession(visit.id)
  if (open && clock.wall_ms < open.until_ms) return false
  if (open) await withChain(async () => keepSeal(await prepareSeal(open, clock), visit.title, null))
  const prepared = await prepareSession(visit.id, author(), clock)
  const proof = await confirmWithPasskey(fromBase64url(prepared.row.prev))
  if (!proof) return false
  return withChain(async () => {
    if (await currentSession(visit.id)) return false
    try {
      await keepSession(prepared, visit.title, proof)
      return true
    } catch (error) {
      if (error instanceof ChainMoved) return false
      throw error
    }
  })
}
