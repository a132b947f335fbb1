/** Days of limits: 24:00 of a day is written as the instant at which the next one begins, and belongs to the first. */
import { dayKey } from '@shared/kit/clock'

export const lastDay = (instant: string): string => dayKey(Date.parse(instant) - 1)
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)
