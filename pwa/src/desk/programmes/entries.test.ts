import { describe, expect, it } from 'vitest'
import { entryOf, freshEntry, sentEntry } from './entries'
import type { EntryView } from './queries'

const VIEW: EntryView = {
  key: 'k',
  no: 1,
  subject: '安全生产',
  unit: { id: 'u', name: '住建局' },
  unit_kind: null,
  objects: 1,
  category: null,
  from_on: '2026-01-01',
  to_on: '2026-06-30',
  visits: 2,
  responsible: { id: 'p', name: '林' },
  basis: '年度安排',
}

describe('a task of a programme', () => {
  it('is sent as it was read', () => {
    expect(sentEntry(entryOf(VIEW))).toEqual({
      key: 'k',
      subject: '安全生产',
      unit_id: 'u',
      unit_kind: null,
      category: null,
      from_on: '2026-01-01',
      to_on: '2026-06-30',
      visits: 2,
      responsible_id: 'p',
      basis: '年度安排',
    })
  })
  it('names one unit or one kind of units, never both', () => {
    const draft = { ...freshEntry('2026-01-01', '2026-12-31'), unit_id: 'u', unit_kind: 'department' }
    expect(sentEntry({ ...draft, object: 'unit' })).toMatchObject({ unit_id: 'u', unit_kind: null })
    expect(sentEntry({ ...draft, object: 'kind' })).toMatchObject({ unit_id: null, unit_kind: 'department' })
  })
})
