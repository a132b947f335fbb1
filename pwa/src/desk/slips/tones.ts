import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'

interface Look {
  tone: Tone
  icon: IconName
}
const SLIPS: Record<string, Look> = {
  DRAFT: { tone: 'warn', icon: 'note' },
  ISSUED: { tone: 'info', icon: 'arrow' },
  WITHDRAWN: { tone: 'neutral', icon: 'close' },
  DISCARDED: { tone: 'neutral', icon: 'close' },
}
const RECEIPTS: Record<string, Look> = {
  LISTED: { tone: 'neutral', icon: 'note' },
  PENDING: { tone: 'warn', icon: 'clock' },
  RECEIVED: { tone: 'good', icon: 'checkCircle' },
  REFUSED: { tone: 'bad', icon: 'alert' },
  ORDERED: { tone: 'bad', icon: 'alert' },
  RELEASED: { tone: 'neutral', icon: 'close' },
  WITHDRAWN: { tone: 'neutral', icon: 'close' },
}
const TASKS: Record<string, Look> = {
  ASSIGNED: { tone: 'warn', icon: 'clock' },
  ACCEPTED: { tone: 'info', icon: 'check' },
  INPUT_GIVEN: { tone: 'good', icon: 'checkCircle' },
  MERGED: { tone: 'good', icon: 'checkCircle' },
  DONE: { tone: 'good', icon: 'checkCircle' },
}
const PLAIN: Look = { tone: 'neutral', icon: 'info' }
export const slipLook = (state: string): Look => SLIPS[state] ?? PLAIN
export const receiptLook = (state: string): Look => RECEIPTS[state] ?? PLAIN
export const taskLook = (state: string): Look => TASKS[state] ?? PLAIN
