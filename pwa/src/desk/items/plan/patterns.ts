/** How schedules are usually planned backwards; names of steps are words of the dictionary. */
interface Step {
  step: 'start' | 'half' | 'wind_up' | 'done' | 'third' | 'two_thirds' | 'check_20' | 'check_10' | 'check_3'
  percent?: number
  days_before?: number
}
export type Pattern = 'four' | 'thirds' | 'report'

export const PATTERNS: Record<Pattern, readonly Step[]> = {
  four: [
    { step: 'start', percent: 10 },
    { step: 'half', percent: 50 },
    { step: 'wind_up', percent: 90 },
    { step: 'done', percent: 100 },
  ],
  thirds: [
    { step: 'third', percent: 33 },
    { step: 'two_thirds', percent: 67 },
    { step: 'done', percent: 100 },
  ],
  report: [
    { step: 'check_20', days_before: 20 },
    { step: 'check_10', days_before: 10 },
    { step: 'check_3', days_before: 3 },
    { step: 'done', percent: 100 },
  ],
}
