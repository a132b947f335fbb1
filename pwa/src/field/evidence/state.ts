/** Where a capture stands, in one word with an icon. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Tone } from '@shared/kit/ui/tones'
import type { CaptureRow, StatementRow } from '../db/rows'
import type { t } from '../words/pages'

type Key = Extract<Parameters<typeof t>[0], `evidence.state.${string}`>
export interface CaptureLook {
  tone: Tone
  icon: IconName
  word: Key
}

export function lookOf(
  capture: CaptureRow,
  receipts: ReadonlySet<string>,
  voided: ReadonlySet<string>,
): CaptureLook {
  if (voided.has(capture.id)) return { tone: 'neutral', icon: 'void', word: 'evidence.state.void' }
  const decision = capture.server?.review?.decision
  if (decision === 'queried') return { tone: 'warn', icon: 'help', word: 'evidence.state.queried' }
  if (decision === 'rejected') return { tone: 'bad', icon: 'close', word: 'evidence.state.rejected' }
  if (decision === 'accepted') return { tone: 'good', icon: 'checkCircle', word: 'evidence.state.accepted' }
  const originals = capture.server?.originals
  const received =
    receipts.has(`${capture.id}:original`) || (originals && originals.received >= originals.total)
  if (received) return { tone: 'good', icon: 'cloudCheck', word: 'evidence.state.received' }
  if (capture.local && !capture.local.receipt)
    return { tone: 'neutral', icon: 'device', word: 'evidence.state.local' }
  return { tone: 'info', icon: 'cloudUp', word: 'evidence.state.recorded' }
}

/** Declared void here and not refused its effect by the server, or known to the server as void. */
export function voidedOf(
  captures: readonly CaptureRow[],
  statements: readonly StatementRow[],
): ReadonlySet<string> {
  const here = statements.filter((row) => row.kind === 'capture.discard' && !row.receipt?.remark)
  const there = captures.filter((capture) => capture.server?.state === 'DISCARDED')
  return new Set([...here.map((row) => row.about), ...there.map((capture) => capture.id)])
}
