/**
 * What a reviewer does to evidence. A decision is sent at once and none is ever changed: a later one supersedes it.
 * The screen shows it before the answer and takes it back, with the reason, when the server refuses.
 */
import { Refused } from '@shared/kit/api'
import { wallMs } from '@shared/kit/clock'
import { newId } from '@shared/kit/ids'
import { shallowRef } from 'vue'
import { session } from '../access/session'
import { tell } from '../app/toasts'
import { sentenceOf } from '../kit/sentence'
import { type Evidence, query, readEvidence, review } from './queries'
import { t } from './words'

export interface Shown {
  /** Puts a version of one piece of evidence on the screen: in the list and beside it. */
  show(evidence: Evidence): void
}

function expected(evidence: Evidence, decision: 'accepted' | 'rejected', reason: string): Evidence {
  const person = session.value?.person
  if (!person) return evidence
  const by = { id: person.id, name: person.name }
  const made = { id: newId(), decision, reason, by, at: new Date(wallMs()).toISOString() }
  return { ...evidence, decision, review: made, reviews: [...evidence.reviews, made] }
}

/**
 * A copy that was just drawn or a colleague's remark also changes what was looked at, but not what the decision rests
 * on: then it is sent once more for the present state. A colleague's decision in between is shown instead.
 */
async function send(
  evidence: Evidence,
  decision: 'accepted' | 'rejected',
  reason: string,
): Promise<Evidence> {
  try {
    return await review(evidence, decision, reason)
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'changed_meanwhile')) throw error
    const present = await readEvidence(evidence.id)
    const decided = present.decision !== evidence.decision || present.review?.at !== evidence.review?.at
    if (decided || present.discarded_at !== evidence.discarded_at) throw error
    return review(present, decision, reason)
  }
}

export function useReview({ show }: Shown) {
  const busy = shallowRef<ReadonlySet<string>>(new Set())

  function mark(id: string, on: boolean): void {
    const next = new Set(busy.value)
    if (on) next.add(id)
    else next.delete(id)
    busy.value = next
  }

  async function decide(
    evidence: Evidence,
    decision: 'accepted' | 'rejected',
    reason: string,
  ): Promise<unknown> {
    if (busy.value.has(evidence.id)) return null
    mark(evidence.id, true)
    show(expected(evidence, decision, reason))
    try {
      show(await send(evidence, decision, reason))
      return null
    } catch (error) {
      // Back to what it really is; without the network, to what it was.
      show(await readEvidence(evidence.id).catch(() => evidence))
      return error
    } finally {
      mark(evidence.id, false)
    }
  }

  async function accept(evidence: Evidence): Promise<void> {
    const error = await decide(evidence, 'accepted', '')
    if (error) tell(t('act.not_done', { why: sentenceOf(error) }), 'bad')
    else tell(t('act.accepted'))
  }

  /** One after the other, so that the list shows how far it is; every refusal is told with its reason. */
  async function acceptAll(all: readonly Evidence[], progress: (done: number) => void): Promise<void> {
    const failures: unknown[] = []
    for (const [index, evidence] of all.entries()) {
      progress(index)
      const error = await decide(evidence, 'accepted', '')
      if (error) failures.push(error)
    }
    const n = all.length - failures.length
    if (failures.length === 0) tell(t('batch.done', { n }))
    else {
      const why = [...new Set(failures.map(sentenceOf))].join(' ')
      tell(t('batch.partly', { n, failed: failures.length, why }), 'bad')
    }
  }

  /** Both return what went wrong, so that a dialog keeps the text that was typed. */
  async function reject(evidence: Evidence, reason: string): Promise<unknown> {
    const error = await decide(evidence, 'rejected', reason)
    if (!error) tell(t('act.rejected'))
    return error
  }
  async function ask(evidence: Evidence, text: string): Promise<unknown> {
    mark(evidence.id, true)
    try {
      show(await query(evidence.id, text))
      tell(t('act.queried'))
      return null
    } catch (error) {
      return error
    } finally {
      mark(evidence.id, false)
    }
  }

  return { busy, accept, acceptAll, reject, ask }
}
