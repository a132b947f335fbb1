import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

export const CASE_STATES: Record<string, { tone: Tone; icon: IconName }> = {
  DRAFT: { tone: 'neutral', icon: 'note' },
  PROPOSED: { tone: 'info', icon: 'arrow' },
  APPROVED: { tone: 'good', icon: 'check' },
  REFUSED: { tone: 'bad', icon: 'close' },
  EXECUTED: { tone: 'good', icon: 'checkCircle' },
  HANDED_OVER: { tone: 'info', icon: 'gavel' },
  UNDER_INVESTIGATION: { tone: 'info', icon: 'search' },
  DECIDED: { tone: 'good', icon: 'gavel' },
  FED_BACK: { tone: 'good', icon: 'comment' },
  CLOSED: { tone: 'good', icon: 'checkCircle' },
  REFERRED: { tone: 'warn', icon: 'arrow' },
  REVOKED: { tone: 'neutral', icon: 'close' },
}
export const caseState = (state: string) =>
  CASE_STATES[state] ?? { tone: 'neutral' as const, icon: 'info' as const }
