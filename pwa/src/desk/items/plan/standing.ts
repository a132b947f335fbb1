/** Where a milestone or a plan stands: tone, icon and, on the wall chart, the shape of its mark. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import type { Standing } from './queries'

export const STANDINGS: Record<Standing, { tone: Tone; icon: IconName }> = {
  LATE: { tone: 'bad', icon: 'alert' },
  BEHIND: { tone: 'warn', icon: 'clock' },
  ON_PLAN: { tone: 'info', icon: 'arrow' },
  DONE: { tone: 'good', icon: 'checkCircle' },
  DONE_LATE: { tone: 'good', icon: 'check' },
}
