/** A notice as offices have it, in its own words or as JSON, and what the server says of single rows. */
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

/** The shape of a notice with nothing in it that could be taken for a holiday: what is not filled in is refused. */
export const blankNotice = (year: number): Omit<Notice, 'region'> => ({
  year,
  source: '',
  off: [{ from: `${year}-__-__`, to: `${year}-__-__`, name: '' }],
  work: [],
})

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

const HOLIDAY = /^[一二三四五六七八九十]+、([^：:]{1,20})[：:]/
const SPAN = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:[至到—－-]+(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?/
const DAY = /(?:(\d{1,2})月)?(\d{1,2})日/g
const iso = (year: number | string, month: string, day: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
const days = (one: Range): number => (Date.parse(one.to) - Date.parse(one.from)) / 86_400_000 + 1

/** A notice in its own words, and the holidays whose days are not as many as the notice itself says. */
export interface ReadNotice {
  notice: Notice
  doubtful: readonly { name: string; said: number; found: number }[]
}

/**
 * The notice of the State Council in its own words («一、元旦：1月1日（周五）至3日（周日）放假，共3天。»), or null when there
 * is no holiday in it. What is in brackets (weekdays, days of the lunar calendar) is left aside.
 */
export function noticeInWords(words: string, year: number): ReadNotice | null {
  const bare = words.normalize('NFKC').replace(/\([^()]*\)/g, '')
  const of = /(\d{4})年[^。\n]{0,12}节假日/.exec(bare)?.[1] ?? year
  const off: Range[] = []
  const work: string[] = []
  const doubtful: { name: string; said: number; found: number }[] = []
  let name = ''
  for (const line of bare.split('\n').map((one) => one.replace(/\s+/g, ''))) {
    name = HOLIDAY.exec(line)?.[1] ?? name
    if (!name) continue
    for (const sentence of line.split(/[。;]/)) {
      const span = sentence.includes('放假') ? SPAN.exec(sentence) : null
      if (span) {
        const [, first = of, month = '', day = '', last = first, until = month, end = day] = span
        const one = { from: iso(first, month, day), to: iso(last, until, end), name }
        off.push(one)
        const said = Number(/(?:共|放假)(\d+)天/.exec(sentence)?.[1] ?? days(one))
        if (said !== days(one)) doubtful.push({ name, said, found: days(one) })
      } else if (sentence.includes('上班')) {
        let month = ''
        for (const [, named, day = ''] of sentence.matchAll(DAY)) {
          month = named ?? month
          if (month) work.push(iso(of, month, day))
        }
      }
    }
  }
  if (off.length === 0) return null
  const title = /国务院办公厅关于[^\n]*?通知/.exec(bare)?.[0] ?? ''
  const number = /国办[^\s\n]*?〔\d{4}〕\d+号/.exec(bare)?.[0] ?? ''
  const source = [title, number].filter(Boolean).join(' ')
  return { notice: { year: Number(of), region: '', source, off, work }, doubtful }
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
