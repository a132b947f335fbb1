/** What a registrar enters of a leader's instruction, before it is sent. */
import { dayKey, wallMs } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import type { Attachment, Process, RecordInstruction } from './process'

export const LEVELS = ['COUNTY', 'CITY', 'PROVINCE', 'STATE', 'OTHER'] as const

export interface InstructionDraft {
  id: string
  leader_name: string
  leader_level: (typeof LEVELS)[number]
  instructed_on: string
  wording: string
  files: Attachment[]
  replaces_id: string | null
}
type Recorded = Process['instructions'][number]

export function newInstruction(of?: Recorded): InstructionDraft {
  return {
    id: newId(),
    leader_name: of?.leader_name ?? '',
    leader_level: of?.leader_level ?? 'COUNTY',
    instructed_on: of?.instructed_on ?? dayKey(wallMs()),
    wording: of?.wording ?? '',
    files: of?.attachment ? [of.attachment] : [],
    replaces_id: of?.id ?? null,
  }
}

/** As the server takes it; null while something that it needs is missing. */
export function instructionOf(draft: InstructionDraft): RecordInstruction | null {
  const leader_name = draft.leader_name.trim()
  const wording = draft.wording.trim()
  if (!leader_name || !wording || !draft.instructed_on) return null
  return {
    id: draft.id,
    leader_name,
    leader_level: draft.leader_level,
    instructed_on: draft.instructed_on,
    wording,
    attachment_id: draft.files[0]?.id ?? null,
    replaces_id: draft.replaces_id,
  }
}
