/** What a registrar enters of a leader's instruction, before it is sent. */
import { dayKey, wallMs } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { type Fields, missing } from '../kit/sending'
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

/** What the server needs of it, and does not have. */
export const instructionLacks = ({ leader_name, instructed_on, wording }: InstructionDraft): Fields =>
  missing({ leader_name, instructed_on, wording })

/** As the server takes it; null while something that it needs is missing. */
export function instructionOf(draft: InstructionDraft): RecordInstruction | null {
  if (Object.keys(instructionLacks(draft)).length > 0) return null
  return {
    id: draft.id,
    leader_name: draft.leader_name.trim(),
    leader_level: draft.leader_level,
    instructed_on: draft.instructed_on,
    wording: draft.wording.trim(),
    attachment_id: draft.files[0]?.id ?? null,
    replaces_id: draft.replaces_id,
  }
}
