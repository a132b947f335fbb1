/** The JSON of a notice as offices have it: ranges as pairs or as objects, and what the server says of single rows. */
import { Refused } from '@shared/kit/api'
import { locale } from '@shared/kit/i18n'
import type { Notice } from './queries'

type Range = { from: string; to: string; name: string }
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function range(one: unknown): Range | null {
  if (typeof one === 'string') return { from: one, to: one, name: '' }
  if (Array.isArray(one) && one.length >= 2)
    return { from: text(one[0]), to: text(one[1]), name: text(one[2]) }
  if (isRecord(one)) return { from: text(one.from), to: text(one.to) || text(one.from), name: text(one.name) }
  return null
}

/** The notice in a JSON text, or null when it is none. */
export function noticeIn(json: string): Notice | null {
  let found: unknown
  try {
    found = JSON.parse(json)
  } catch {
    return null
  }
  if (!isRecord(found) || typeof found.year !== 'number' || !Number.isInteger(found.year)) return null
  if (!Array.isArray(found.off) || !(found.work === undefined || Array.isArray(found.work))) return null
  const off = found.off.map(range)
  const work: unknown[] = found.work ?? []
  if (off.some((one) => one === null) || work.some((one) => typeof one !== 'string')) return null
  return {
    year: found.year,
    region: text(found.region),
    source: text(found.source),
    off: off.filter((one) => one !== null),
    work: work.map(text),
  }
}

/** The rows of a list that the server sends with an error, in the reader's language. */
export function rowsTold(error: unknown): { where: string; said: string }[] {
  if (!(error instanceof Refused)) return []
  const rows = error.problem.params?.problems
  if (!Array.isArray(rows)) return []
  return rows.filter(isRecord).map((row) => ({
    where: row.line === undefined ? text(row.field) : String(row.line),
    said: text(locale.value === 'zh' ? row.zh : row.en),
  }))
}
