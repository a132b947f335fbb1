/** A calendar day without a time («2026-05-25»), written out like every other date. */
import { formatDate } from '@shared/kit/clock'

export const dayText = (day: string): string => formatDate(`${day}T12:00:00+08:00`)
