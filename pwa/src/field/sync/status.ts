/** What the sync engine knows about itself, kept in the database so that every tab and the service worker agree. */
import { shallowRef } from 'vue'
import { getValue, setValue } from '../db/db'
import type { Cause } from '../db/rows'

export interface SyncStatus {
  last_ok_at: number | null
  last_pull_at: number | null
  tries: number
  /** 0: nothing to wait for. */
  next_at: number
  cause: Cause | null
}

export const IDLE: SyncStatus = { last_ok_at: null, last_pull_at: null, tries: 0, next_at: 0, cause: null }

export const readStatus = async (): Promise<SyncStatus> => (await getValue<SyncStatus>('sync')) ?? IDLE

export async function updateStatus(change: Partial<SyncStatus>): Promise<SyncStatus> {
  const next = { ...(await readStatus()), ...change }
  await setValue('sync', next)
  return next
}

export type Phase = 'idle' | 'pushing' | 'uploading' | 'pulling'
/** Only true in the tab that holds the lock. */
export const phase = shallowRef<Phase>('idle')
/** key → bytes the server has, for the transfers of this run. */
export const transferring = shallowRef<{ key: string; offset: number; bytes: number } | null>(null)
