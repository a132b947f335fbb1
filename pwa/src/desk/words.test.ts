/** The names that the desk shows are those of the server's tables, in both languages. */
import { described } from '@shared/api/lifecycles'
import { expect, it } from 'vitest'
import casesEn from './cases/words.en'
import { zh as casesZh } from './cases/words.zh'
import circulationEn from './circulation/words.en'
import { zh as circulationZh } from './circulation/words.zh'
import findingsEn from './findings/words.en'
import { zh as findingsZh } from './findings/words.zh'
import processEn from './items/process.en'
import { zh as processZh } from './items/process.zh'
import itemsEn from './items/words.en'
import { zh as itemsZh } from './items/words.zh'
import slipsEn from './slips/words.en'
import { zh as slipsZh } from './slips/words.zh'
import visitsEn from './visits/words.en'
import { zh as visitsZh } from './visits/words.zh'

type Names = readonly { code: string; zh: string; en: string }[]
type Words = Readonly<Record<string, string>>
const { lifecycles, lists } = described

const SHOWN: [what: string, prefix: string, names: Names, zh: Words, en: Words][] = [
  ['items', 'state', lifecycles.item.states, itemsZh, itemsEn],
  ['items', 'source', lists.source_kind, itemsZh, itemsEn],
  ['items', 'category', lists.item_category, itemsZh, itemsEn],
  ['items', 'urgency', lists.urgency, itemsZh, itemsEn],
  ['items', 'site_kind', lists.site_kind, itemsZh, itemsEn],
  ['items', 'supervision_kind', lists.supervision_kind, processZh, processEn],
  ['items', 'content_kind', lists.content_kind, processZh, processEn],
  ['items', 'basis_kind', lists.basis_kind, processZh, processEn],
  ['items', 'mode', lists.mode, processZh, processEn],
  ['items', 'importance', lists.importance, processZh, processEn],
  ['items', 'intensity', lists.intensity, processZh, processEn],
  ['items', 'leader_level', lists.leader_level, processZh, processEn],
  ['items', 'channel', lists.channel, processZh, processEn],
  ['items', 'attachment_kind', lists.attachment_kind, processZh, processEn],
  ['visits', 'state', lifecycles.visit.states, visitsZh, visitsEn],
  ['visits', 'act', lifecycles.visit.acts, visitsZh, visitsEn],
  ['visits', 'method', lists.visit_method, visitsZh, visitsEn],
  ['visits', 'nature', lists.visit_nature, visitsZh, visitsEn],
  ['visits', 'clause', lists.clause, visitsZh, visitsEn],
  ['findings', 'state', lifecycles.finding.states, findingsZh, findingsEn],
  ['findings', 'category', lists.finding_category, findingsZh, findingsEn],
  ['findings', 'severity', lists.severity, findingsZh, findingsEn],
  ['cases', 'state', lifecycles.case.states, casesZh, casesEn],
  ['slips', 'state', lifecycles.slip.states, slipsZh, slipsEn],
  ['slips', 'receipt', lifecycles.receipt.states, slipsZh, slipsEn],
  ['slips', 'series', lists.slip_series, slipsZh, slipsEn],
  ['slips', 'channel', lists.slip_channel, slipsZh, slipsEn],
  ['slips', 'delivery', lists.slip_delivery, slipsZh, slipsEn],
  ['slips', 'part', lists.slip_part, slipsZh, slipsEn],
  ['slips', 'disagreement', lists.disagreement_state, slipsZh, slipsEn],
  ['slips', 'consult', lists.consultation_kind, slipsZh, slipsEn],
  ['slips', 'contacts', lists.contact_kind, slipsZh, slipsEn],
  ['circulation', 'state', lifecycles.circulation.states, circulationZh, circulationEn],
  ['circulation', 'desk_class', lists.desk_class, circulationZh, circulationEn],
  ['circulation', 'way', lists.way, circulationZh, circulationEn],
]

it.each(SHOWN)('%s: %s', (_what, prefix, names, zh, en) => {
  for (const name of names) {
    expect(zh[`${prefix}.${name.code}`]).toBe(name.zh)
    expect(en[`${prefix}.${name.code}`]?.replaceAll('’', "'")).toBe(name.en)
  }
})
