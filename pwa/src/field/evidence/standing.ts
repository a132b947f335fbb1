/** How far a signed statement has come, in a few words. */
import type { StatementRow, StatementState } from '../db/rows'

const WORDS = {
  made: 'proof.not_sent',
  received: 'proof.before_log',
  promised: 'proof.not_logged',
  proven: 'proof.logged',
  broken: 'proof.broken',
} as const satisfies Record<StatementState, string>

export const standingOf = ({ state }: StatementRow): (typeof WORDS)[StatementState] => WORDS[state]
