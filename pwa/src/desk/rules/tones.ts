/** How versions look: a tone, an icon and a word, never a colour alone. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

interface Look {
  tone: Tone
  icon: IconName
}

const LOOKS: Record<string, Look> = {
  DRAFT: { tone: 'neutral', icon: 'note' },
  SUBMITTED: { tone: 'warn', icon: 'clock' },
  WITHDRAWN: { tone: 'neutral', icon: 'archive' },
  REJECTED: { tone: 'neutral', icon: 'archive' },
  IN_FORCE: { tone: 'good', icon: 'checkCircle' },
  COMING: { tone: 'info', icon: 'calendar' },
  REPLACED: { tone: 'neutral', icon: 'archive' },
}
const OTHER: Look = { tone: 'neutral', icon: 'file' }

export const standingLook = (standing: string): Look => LOOKS[standing] ?? OTHER
