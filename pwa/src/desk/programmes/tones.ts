/** How the states of a programme's version look: always tone, icon and word together. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

const LOOKS: Record<string, { tone: Tone; icon: IconName }> = {
  DRAFT: { tone: 'neutral', icon: 'note' },
  SUBMITTED: { tone: 'info', icon: 'sign' },
  APPROVED: { tone: 'good', icon: 'checkCircle' },
  WITHDRAWN: { tone: 'neutral', icon: 'back' },
}
export const versionLook = (state: string) =>
  LOOKS[state] ?? { tone: 'neutral' as const, icon: 'info' as const }
