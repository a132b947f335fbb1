/** Reasons of plausibility as sentences, by code and parameters. They say what was seen, never what it means. */

import { plausible } from './plausibility.words'
import type { Reason } from './queries'
import { lengthText } from './tones'

const minutes = (ms: number): number => Math.max(1, Math.round(Math.abs(ms) / 60_000))

export function reasonSentence({ code, params }: Pick<Reason, 'code' | 'params'>): string {
  const said: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(params)) {
    if (value === null) continue
    said[name] = value
    if (typeof value !== 'number') continue
    // The server speaks in metres, centimetres and milliseconds; people do not.
    if (name.endsWith('_m') || name === 'metres') said[`${name}_text`] = lengthText(Math.abs(value))
    if (name.endsWith('_cm')) said[`${name}_text`] = lengthText(Math.abs(value) / 100)
    if (name.endsWith('_ms')) said[`${name}_minutes`] = minutes(value)
    if (name.endsWith('_s')) said[`${name}_minutes`] = minutes(value * 1000)
  }
  return plausible.maybe(code, said) ?? plausible('unknown', { code })
}
