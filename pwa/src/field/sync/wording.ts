import { formatBytes, formatTime } from '@shared/kit/clock'
import { t } from '../words/pages'
import type { WaitingThing } from './waiting'

export function titleOf({ label }: WaitingThing): string {
  const time = formatTime(label.at)
  if (label.kind === 'capture' || label.kind === 'preview')
    return t('thing.capture', { seq: label.seq ?? 0, time })
  return t.maybe(`thing.${label.kind}`, { time, subject: label.subject }) ?? label.kind
}

export function stageOf({ parts, bytes, label }: WaitingThing): string {
  if (label.kind !== 'capture' && label.kind !== 'preview') return t('stage.record')
  const words = parts.map((part) =>
    part === 'original' ? t('stage.original', { size: formatBytes(bytes) }) : t(`stage.${part}`),
  )
  return t('stage.to_send', { what: words.join(t('sync.and')) })
}

export function progressOf(thing: WaitingThing, now: { key: string; offset: number } | null): number {
  const sent = now?.key === `${thing.key}:original` ? now.offset : thing.sent
  return thing.bytes > 0 ? sent / thing.bytes : 0
}
