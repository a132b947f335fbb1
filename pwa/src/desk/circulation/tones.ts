import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

const STATES: Record<string, { tone: Tone; icon: IconName }> = {
  PREPARED: { tone: 'neutral', icon: 'inbox' },
  ON_DESK: { tone: 'info', icon: 'clock' },
  READ: { tone: 'good', icon: 'check' },
  INSTRUCTED: { tone: 'good', icon: 'sign' },
  RETURNED: { tone: 'neutral', icon: 'archive' },
}
export const circulationState = (state: string) =>
  STATES[state] ?? { tone: 'neutral' as const, icon: 'info' as const }

/** Urgent ones stand out; ordinary ones need no mark. */
export const classTone = (deskClass: string): Tone =>
  deskClass === 'EMERGENCY' || deskClass === 'CONFIDENTIAL_URGENT'
    ? 'bad'
    : deskClass === 'URGENT' || deskClass === 'CONFIDENTIAL_IMPORTANT'
      ? 'warn'
      : 'neutral'
