/** The server's maintained lists, in the order they are offered. */
export const CATEGORIES = [
  'SAFETY',
  'QUALITY',
  'PROGRESS',
  'FUNDS',
  'PROCEDURE',
  'DUTY',
  'ENVIRONMENT',
  'LIVELIHOOD',
  'FALSIFICATION',
  'OTHER',
] as const
export type Category = (typeof CATEGORIES)[number]

export const SEVERITIES = ['MINOR', 'SERIOUS', 'MAJOR'] as const
export type Severity = (typeof SEVERITIES)[number]
