import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

export const VISIT_STATES: Record<string, { tone: Tone; icon: IconName }> = {
  DRAFT: { tone: 'warn', icon: 'clock' },
  PLAN_APPROVED: { tone: 'info', icon: 'check' },
  TEAM_LOCKED: { tone: 'info', icon: 'lock' },
  DEPARTED: { tone: 'info', icon: 'arrow' },
  ON_SITE: { tone: 'info', icon: 'pin' },
  CONVERTED: { tone: 'info', icon: 'pin' },
  LEFT: { tone: 'warn', icon: 'sign' },
  RECORD_SIGNED: { tone: 'good', icon: 'sign' },
  RELEASED: { tone: 'good', icon: 'globe' },
  REPORTED: { tone: 'good', icon: 'file' },
  FILED: { tone: 'neutral', icon: 'archive' },
  ABORTED: { tone: 'neutral', icon: 'close' },
  COMPROMISED: { tone: 'bad', icon: 'alert' },
}
export const visitState = (state: string) =>
  VISIT_STATES[state] ?? { tone: 'neutral' as const, icon: 'info' as const }
