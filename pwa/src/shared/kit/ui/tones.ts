import type { IconName } from './icons'

/** Meaning is never carried by colour alone: each tone brings its icon. */
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'

export const TONE_ICON: Record<Tone, IconName> = {
  neutral: 'info',
  info: 'info',
  good: 'checkCircle',
  warn: 'alert',
  bad: 'alert',
}
