/** The server's maintained lists, in the order they are offered. */
import type { components } from '../api/schema'

export type Category = components['schemas']['FindingCategory']
export type Severity = components['schemas']['Severity']

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
] as const satisfies readonly Category[]

export const SEVERITIES = ['MINOR', 'SERIOUS', 'MAJOR'] as const satisfies readonly Severity[]
