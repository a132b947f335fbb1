/**
 * What other words have waiting for a person, listed below the items. A word adds one entry: who may see it, and how
 * to read its rows, each of which leads to a page of that word.
 */

import type { components } from '@shared/api/schema'
import { locale } from '@shared/kit/i18n'
import type { RouteLocationRaw } from 'vue-router'
import { ask, canAny, type Permission, session } from '../access/session'
import { readMattersPage } from '../intake/queries'
import { readLimitsPage } from '../limits/queries'
import { readProgrammesPage } from '../programmes/queries'
import { readCalendars, readPacks } from '../rules/queries'
import { t } from './words'

export interface OtherRow {
  id: string
  /** What is to be done: «待签收». */
  what: string
  title: string
  since: string
  to: RouteLocationRaw
}
export interface OtherWord {
  name: string
  /** Kinds of hints after which it is read again. */
  kinds: readonly string[]
  permission: Permission | readonly Permission[]
  read(signal?: AbortSignal): Promise<readonly OtherRow[]>
}

/** A programme laid before the leaders. */
const programmes: OtherWord = {
  name: 'programmes',
  kinds: ['programme'],
  permission: 'programme.approve',
  async read(signal) {
    const { rows } = await readProgrammesPage(null, signal)
    return rows
      .filter((row) => row.under_way === 'SUBMITTED')
      .map((row) => ({
        id: `programme ${row.id}`,
        what: t('other.programme'),
        title: row.title,
        since: row.since,
        to: { name: 'programmes', params: { id: row.id } },
      }))
  },
}
/** Rule packs laid before the leaders. */
const packs: OtherWord = {
  name: 'packs',
  kinds: ['rule_pack'],
  permission: 'rule.enact',
  async read(signal) {
    const { versions } = await readPacks(signal)
    return versions
      .filter((one) => one.acts.includes('enact'))
      .map((one) => ({
        id: `pack ${one.id}`,
        what: t('other.pack'),
        title: locale.value === 'en' ? one.name.en : one.name.zh,
        since: one.submitted_at ?? one.drafted_at,
        to: { name: 'rules', params: { id: one.id } },
      }))
  },
}
/** Calendars that somebody else read in. */
const calendars: OtherWord = {
  name: 'calendars',
  kinds: ['calendar'],
  permission: 'rule.enact',
  async read(signal) {
    const found = await readCalendars(signal)
    return found
      .filter((one) => one.state === 'DRAFT' && one.imported_by?.id !== session.value?.person.id)
      .map((one) => ({
        id: `calendar ${one.id}`,
        what: t('other.calendar'),
        title: [one.year, one.region, one.source].filter(Boolean).join(' '),
        since: one.imported_at ?? '',
        to: { name: 'rules', query: { tab: 'calendar', year: String(one.year) } },
      }))
  },
}
/** Requests for a later date that this person decides. */
const extensions: OtherWord = {
  name: 'extensions',
  kinds: ['item'],
  permission: 'item.extend',
  async read(signal) {
    const { rows } = await readLimitsPage({ tab: 'extensions', kind: '' }, null, signal)
    return rows
      .filter((row) => row.mine)
      .map((row) => ({
        id: `extension ${row.id}`,
        what: t('other.extension'),
        title: `${row.no} ${row.title}`,
        since: row.extension?.requested_at ?? '',
        to: { name: 'limits', params: { id: row.item }, query: { tab: 'extensions' } },
      }))
  },
}
/** The head of the tray: what is late comes first there. */
const intake: OtherWord = {
  name: 'intake',
  kinds: ['intake'],
  permission: 'item.register',
  async read(signal) {
    const { rows } = await readMattersPage(false, null, signal)
    return rows.slice(0, 10).map((row) => ({
      id: `intake ${row.id}`,
      what: row.late ? t('other.intake_late') : t('other.intake'),
      title: row.subject,
      since: row.received_at,
      to: { name: 'intake', params: { id: row.id } },
    }))
  },
}
const LEFT_AT = { item: 'items', visit: 'visits', circulation: 'circulation' } as const
/** What stays with somebody whose account was closed, or who moved to another unit. */
const departures: OtherWord = {
  name: 'departures',
  kinds: ['item', 'visit', 'circulation', 'notice'],
  permission: 'item.direct',
  async read(signal) {
    const { left } = await ask<components['schemas']['LeftBehindList']>('/api/departures', { signal })
    return left.map((row) => ({
      id: `left ${row.part} ${row.id} ${row.person.id}`,
      what: t(`other.left.${row.part}`, { person: row.person.name }),
      title: `${row.no} ${row.title}`.trim(),
      since: row.since,
      to: { name: LEFT_AT[row.kind], params: { id: row.id } },
    }))
  },
}
export const others: readonly OtherWord[] = [programmes, packs, calendars, extensions, intake, departures]

/** The rows of all words that this person may see; a word that cannot be read leaves the others in place. */
export async function readOthers(signal?: AbortSignal): Promise<OtherRow[]> {
  const open = others.filter((word) => canAny(word.permission))
  const read = await Promise.allSettled(open.map((word) => word.read(signal)))
  return read.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : []))
}
