/** The sync state in one line: what waits, why, and when the next try is. */
import { formatTime } from '@shared/kit/clock'
import { locale } from '@shared/kit/i18n'
import { sentenceForCode } from '@shared/kit/problems'
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import { computed } from 'vue'
import { sessionExpired } from '../access/session'
import { online } from '../app/platform'
import { settings } from '../app/settings'
import { db } from '../db/db'
import { sharedLive } from '../db/live'
import type { Cause } from '../db/rows'
import { t } from '../words'
import { connection, mayCarryOriginals } from './policy'
import { NO_RECALL, type Recall } from './recall'
import { IDLE, phase, type SyncStatus } from './status'
import { countWaiting, isSettled, type WaitingCounts, type WaitingThing, waitingThings } from './waiting'

export function causeSentence(cause: Cause): string {
  return (
    t.maybe(`cause.${cause.code}`) ??
    sentenceForCode(cause.code, cause.params) ??
    (locale.value === 'zh' ? cause.detail_zh : cause.detail) ??
    cause.code
  )
}

/** What the sentence does not say already; the server's own sentence is in it or made better by it. */
export const causeDetail = (cause: Cause): string | undefined =>
  cause.detail_zh !== undefined && t.maybe(`cause.${cause.code}`) !== null ? undefined : cause.detail

/** A few words for the one-line state; the sync screen has the whole sentence. */
function shortCause({ code }: Cause): string {
  if (code === 'offline' || code === 'timeout') return t(`short.${code}`)
  return code === 'server_fault' || code.startsWith('http_5') ? t('short.server') : t('short.other')
}

export interface WaitingState {
  things: WaitingThing[]
  counts: WaitingCounts
  status: SyncStatus
  recall: Recall
}

/** The line at the bottom and the sync screen look at the same rows. */
export const useWaiting = sharedLive(async (): Promise<WaitingState> => {
  const [outbox, uploads, status, recall] = await Promise.all([
    db.outbox.orderBy('n').toArray(),
    db.uploads.toArray(),
    db.kv.get('sync'),
    db.kv.get('recall'),
  ])
  const things = waitingThings(outbox, uploads)
  return {
    things,
    counts: countWaiting(things),
    status: (status?.v as SyncStatus | undefined) ?? IDLE,
    recall: (recall?.v as Recall | undefined) ?? NO_RECALL,
  }
})

export interface Summary {
  tone: Tone
  icon: IconName
  what: string
  why: string
  /** Nothing waits: the app may be closed. */
  safe: boolean
}

export function useSummary(waiting: ReturnType<typeof useWaiting>) {
  return computed<Summary | null>(() => {
    if (!waiting.value) return null
    const { counts, status, things, recall } = waiting.value
    if (isSettled(things, recall)) {
      const offline = !online.value || status.cause !== null
      return {
        tone: offline ? 'neutral' : 'good',
        icon: 'cloudCheck',
        what: t('sync.nothing'),
        why: t('sync.safe'),
        safe: true,
      }
    }
    if (things.length === 0) {
      const why = recall.pending ? t('sync.comparing') : t('sync.unsendable', { n: recall.unsendable })
      return { tone: 'warn', icon: 'alert', what: t('sync.set_back'), why, safe: false }
    }
    const parts: string[] = []
    if (counts.captures > 0) parts.push(t('sync.captures', { n: counts.captures }))
    if (counts.others > 0) parts.push(t('sync.others', { n: counts.others }))
    const what = t('sync.waiting', { what: parts.join(t('sync.and')) })
    if (counts.attention > 0) {
      return {
        tone: 'bad',
        icon: 'alert',
        what,
        why: t('sync.attention', { n: counts.attention }),
        safe: false,
      }
    }
    return { ...reason(), what, safe: false }

    function reason(): Pick<Summary, 'tone' | 'icon' | 'why'> {
      if (sessionExpired.value) return { tone: 'warn', icon: 'lock', why: t('sync.sign_in_again') }
      if (!online.value) return { tone: 'warn', icon: 'wifiOff', why: t('sync.offline') }
      if (phase.value !== 'idle') return { tone: 'info', icon: 'cloudUp', why: t('sync.sending') }
      if (status.cause && status.next_at > Date.now()) {
        return {
          tone: 'warn',
          icon: 'clock',
          why: t('sync.next_try', { cause: shortCause(status.cause), time: formatTime(status.next_at) }),
        }
      }
      if (
        counts.originalsOnly === things.length &&
        !mayCarryOriginals(settings.value.originals, connection()?.type, false)
      ) {
        return { tone: 'info', icon: 'wifi', why: t('sync.waits_for_wifi') }
      }
      return { tone: 'info', icon: 'cloudUp', why: t('sync.soon') }
    }
  })
}
