/** Reasons of plausibility as sentences, by code and parameters. They say what was seen, never what it means. */
import { plausible } from './plausibility.words'
import type { Reason } from './queries'
import { lengthText } from './tones'

export function durationText(seconds: number): string {
  const size = Math.abs(Math.round(seconds))
  if (size < 100) return plausible('duration.seconds', { n: size })
  const minutes = Math.round(size / 60)
  if (minutes < 100) return plausible('duration.minutes', { n: minutes })
  if (minutes >= 48 * 60) return plausible('duration.days', { n: Math.round(minutes / 1440) })
  const h = Math.floor(minutes / 60)
  const m = minutes % 60
  return m === 0 ? plausible('duration.hours', { n: h }) : plausible('duration.hours_minutes', { h, m })
}

/** Which way round, or which kind: the part of the sentence that parameters decide. */
function variant({ code, params }: Pick<Reason, 'code' | 'params'>): string {
  if (code === 'clock_differs_from_server') return `${code}.${Number(params.seconds) >= 0 ? 'fast' : 'slow'}`
  const kind = params.why ?? params.source
  return kind && plausible.maybe(`${code}.${kind}`) ? `${code}.${kind}` : code
}

export function reasonSentence(reason: Pick<Reason, 'code' | 'params'>): string {
  const { seconds, metres, radius, ...plain } = reason.params
  const said: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(plain)) {
    if (typeof value === 'string' || typeof value === 'number') said[name] = value
  }
  if (typeof seconds === 'number') said.duration = durationText(seconds)
  if (typeof metres === 'number') said.length = lengthText(metres)
  if (typeof radius === 'number') said.radius = lengthText(radius)
  if (typeof said.taken_at === 'string') said.taken_at = said.taken_at.replace('T', ' ')
  return plausible.maybe(variant(reason), said) ?? plausible('unknown', { code: reason.code })
}
