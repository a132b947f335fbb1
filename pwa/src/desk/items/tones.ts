import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

export const ITEM_STATES: Record<string, { tone: Tone; icon: IconName }> = {
  REGISTERED: { tone: 'neutral', icon: 'inbox' },
  PROPOSED: { tone: 'neutral', icon: 'note' },
  UNDER_APPROVAL: { tone: 'info', icon: 'clock' },
  ESTABLISHED: { tone: 'info', icon: 'check' },
  METHOD_CONFIRMED: { tone: 'info', icon: 'check' },
  ASSIGNED: { tone: 'info', icon: 'arrow' },
  IN_PROGRESS: { tone: 'info', icon: 'refresh' },
  REPORTED: { tone: 'warn', icon: 'comment' },
  UNDER_REVIEW: { tone: 'warn', icon: 'search' },
  CLOSED: { tone: 'good', icon: 'checkCircle' },
  REPORTED_BACK: { tone: 'good', icon: 'checkCircle' },
  CANCELLED_FROM_LEDGER: { tone: 'good', icon: 'checkCircle' },
  ARCHIVED: { tone: 'neutral', icon: 'archive' },
  NOT_ESTABLISHED: { tone: 'neutral', icon: 'close' },
  SUSPENDED: { tone: 'warn', icon: 'clock' },
  TERMINATED: { tone: 'neutral', icon: 'close' },
  MERGED: { tone: 'neutral', icon: 'link' },
}
export const itemState = (state: string) =>
  ITEM_STATES[state] ?? { tone: 'neutral' as const, icon: 'info' as const }
