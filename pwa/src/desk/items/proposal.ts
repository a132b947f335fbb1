/** What a supervisor enters of a proposal, as the form holds it and as the server takes it. */
import { dayKey } from '@shared/kit/clock'
import type { ItemDetail, ProposeItem } from './process'

export const MODES = ['FORWARD', 'JOINT', 'SELF'] as const
export const KINDS = ['DAILY', 'SPECIAL', 'COMPREHENSIVE', 'INCIDENT', 'CLUE'] as const
export const CONTENTS = ['1', '2', '3', '4'] as const
export const BASES = ['DECISION', 'HEAD_ORDER', 'PROPOSAL'] as const
export const IMPORTANCES = ['ORDINARY', 'IMPORTANT'] as const
export const URGENCIES = ['ORDINARY', 'URGENT', 'EXTRA_URGENT'] as const
export const CATEGORIES = ['DECISION', 'SPECIAL', 'COORDINATION', 'RESEARCH'] as const
export const LIMIT_UNITS = ['WORKING_DAYS', 'DAYS', 'HOURS'] as const
export type LimitKind = 'default' | 'length' | 'date'

export interface ProposalDraft {
  proposal_text: string
  task: string
  requirement: string
  mode: (typeof MODES)[number]
  mode_reason: string
  handling_unit_id: string
  assist_unit_ids: string[]
  responsible_person_id: string
  follow_up_id: string
  importance: (typeof IMPORTANCES)[number]
  urgency: (typeof URGENCIES)[number]
  immediate: boolean
  category: (typeof CATEGORIES)[number]
  kind: (typeof KINDS)[number]
  content_kind: (typeof CONTENTS)[number]
  basis_kind: (typeof BASES)[number]
  basis_text: string
  scope_text: string
  limit: LimitKind
  limit_n: number
  limit_unit: (typeof LIMIT_UNITS)[number]
  limit_on: string
  stated_by: string
  level_reason: string
}

/** What is there already, and for the rest what is usual: most items are forwarded daily matters of a decision. */
export function proposalDraft(item: ItemDetail, me: string): ProposalDraft {
  const instructed = item.process?.instructions[0]
  const given = item.stated_due_at ? 'date' : item.stated_limit_n ? 'length' : 'default'
  return {
    proposal_text: item.process?.proposal_text ?? '',
    task: item.task || item.title,
    requirement: item.requirement,
    mode: item.mode ?? 'FORWARD',
    mode_reason: item.process?.mode_reason ?? '',
    handling_unit_id: item.handling_unit?.id ?? '',
    assist_unit_ids: item.assist_units.map((unit) => unit.id),
    responsible_person_id: item.responsible_person?.id ?? '',
    follow_up_id: item.follow_up?.id ?? me,
    importance: item.importance,
    urgency: item.urgency,
    immediate: item.immediate,
    category: item.category,
    kind: item.kind ?? 'DAILY',
    content_kind: item.content_kind ? (String(item.content_kind) as (typeof CONTENTS)[number]) : '2',
    basis_kind: item.process?.basis_kind ?? 'DECISION',
    basis_text:
      item.process?.basis_text || item.source_ref || (instructed ? `${instructed.leader_name}批示` : ''),
    scope_text: item.process?.scope_text ?? '',
    limit: given,
    limit_n: item.stated_limit_n ?? 7,
    limit_unit: item.stated_limit_unit ?? 'WORKING_DAYS',
    // The end of a day is the midnight that begins the next one.
    limit_on: item.stated_due_at ? dayKey(Date.parse(item.stated_due_at) - 1) : '',
    stated_by: item.stated_by,
    level_reason: item.process?.level_reason ?? '',
  }
}

export function proposalOf(draft: ProposalDraft): ProposeItem {
  const dated = draft.limit === 'date' && draft.limit_on
  const counted = draft.limit === 'length'
  return {
    proposal_text: draft.proposal_text.trim(),
    task: draft.task.trim(),
    requirement: draft.requirement.trim(),
    mode: draft.mode,
    mode_reason: draft.mode === 'SELF' ? draft.mode_reason.trim() : '',
    handling_unit_id: draft.handling_unit_id || null,
    assist_unit_ids: draft.mode === 'JOINT' ? draft.assist_unit_ids : [],
    responsible_person_id: draft.responsible_person_id || null,
    follow_up_id: draft.follow_up_id || null,
    importance: draft.importance,
    urgency: draft.urgency,
    immediate: draft.immediate,
    category: draft.category,
    kind: draft.kind,
    content_kind: Number(draft.content_kind) as 1 | 2 | 3 | 4,
    basis_kind: draft.basis_kind,
    basis_text: draft.basis_text.trim(),
    scope_text: draft.scope_text.trim(),
    stated_limit_n: counted ? draft.limit_n : null,
    stated_limit_unit: counted ? draft.limit_unit : null,
    stated_due_at: dated
      ? new Date(Date.parse(`${draft.limit_on}T00:00:00+08:00`) + 86_400_000).toISOString()
      : null,
    stated_by: draft.limit === 'default' ? '' : draft.stated_by.trim(),
    level_reason: draft.level_reason.trim(),
  }
}
