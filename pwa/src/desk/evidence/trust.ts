/** Whether a capture may be believed: its chain step by step, as the server checked it a moment ago. */
import type { components } from '@shared/api/schema'
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import { ask } from '../access/session'
import { trustWords as t } from './trust.words'

type Schemas = components['schemas']
export type Trust = Schemas['CaptureTrustView']
export type TrustStep = Schemas['TrustStepView']
export type Handled = Schemas['HandledView']

export const readTrust = (id: string, signal?: AbortSignal): Promise<Trust> =>
  ask<Trust>(`/api/evidence/${id}/trust`, { signal })

/** Colour, icon and word together, as everywhere. */
export const LEVELS: Record<TrustStep['level'], { tone: Tone; icon: IconName }> = {
  good: { tone: 'good', icon: 'checkCircle' },
  info: { tone: 'neutral', icon: 'info' },
  warn: { tone: 'warn', icon: 'alert' },
  bad: { tone: 'bad', icon: 'close' },
}

export const stepSentence = (step: TrustStep): string =>
  t.maybe(`${step.step}.${step.state}`, step.params) ?? step.step

/** The instants that a step compares, the earlier first: to the second, since seconds may decide. */
export const stepTimes = (step: TrustStep): string[] =>
  Object.entries(step.params)
    .filter(([name]) => name.endsWith('_at'))
    .sort(([, one], [, other]) => Date.parse(String(one)) - Date.parse(String(other)))
    .map(([name, at]) => t.maybe(`${step.step}.${name}`, { at: toTheSecond(String(at)) }) ?? '')

/** 2026-05-25 17:30:08, in Shanghai */
export const toTheSecond = (at: string): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })

/** How many steps are not as one would wish: the number in the headline. */
export const openPoints = (trust: Trust): number =>
  trust.steps.filter((step) => step.level === 'warn' || step.level === 'bad').length

export function handledSentence(line: Handled): string {
  const act = t.maybe(`act.${line.act}.${line.detail}`) ?? t.maybe(`act.${line.act}`) ?? line.act
  return line.by ? t('handled.by', { who: line.by, act }) : t('handled.itself', { act })
}
