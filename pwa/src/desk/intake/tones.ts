/** How the states of a received matter look: always tone, icon and word together. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

const LOOKS: Record<string, { tone: Tone; icon: IconName }> = {
  WAITING: { tone: 'info', icon: 'inbox' },
  REGISTERED: { tone: 'good', icon: 'checkCircle' },
  RETURNED: { tone: 'neutral', icon: 'back' },
  DECLINED: { tone: 'neutral', icon: 'close' },
}
export const matterLook = (state: string) =>
  LOOKS[state] ?? { tone: 'neutral' as const, icon: 'info' as const }
