import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

interface Look {
  tone: Tone
  icon: IconName
}
export const FINDING_STATES: Record<string, Look> = {
  FOUND: { tone: 'warn', icon: 'clock' },
  CONFIRMED: { tone: 'info', icon: 'check' },
  NOTIFIED: { tone: 'info', icon: 'arrow' },
  PLAN_SUBMITTED: { tone: 'info', icon: 'file' },
  RECTIFYING: { tone: 'info', icon: 'refresh' },
  SUBMITTED: { tone: 'warn', icon: 'comment' },
  RECHECKING: { tone: 'warn', icon: 'search' },
  CLEARED: { tone: 'good', icon: 'checkCircle' },
  FIXED_ON_SPOT: { tone: 'good', icon: 'checkCircle' },
  NOT_ESTABLISHED: { tone: 'neutral', icon: 'close' },
  REFERRED: { tone: 'info', icon: 'gavel' },
}
export const SEVERITIES: Record<string, Look> = {
  MINOR: { tone: 'neutral', icon: 'info' },
  SERIOUS: { tone: 'warn', icon: 'alert' },
  MAJOR: { tone: 'bad', icon: 'alert' },
}
const PLAIN: Look = { tone: 'neutral', icon: 'info' }
export const findingState = (state: string): Look => FINDING_STATES[state] ?? PLAIN
export const severityLook = (severity: string): Look => SEVERITIES[severity] ?? PLAIN
