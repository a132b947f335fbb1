export const CATEGORIES = [
  'SAFETY',
  'PROGRESS',
  'QUALITY',
  'DUTY',
  'FUNDS',
  'LIVELIHOOD',
  'ENVIRONMENT',
  'OTHER',
] as const
export type Category = (typeof CATEGORIES)[number]

export const SEVERITIES = ['NORMAL', 'SERIOUS', 'MAJOR'] as const
export type Severity = (typeof SEVERITIES)[number]
