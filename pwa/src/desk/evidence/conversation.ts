/** Decisions, questions, answers, remarks, and what the inspector added or took back, as one line of time. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Evidence } from './queries'
import { t } from './words'

interface Act {
  id: string
  at: string
  icon: IconName
  tone: 'neutral' | 'good' | 'warn' | 'bad'
  title: string
  text: string
  waiting: boolean
  /** A later decision of the same kind counts instead. */
  superseded: boolean
}

export function conversation(
  evidence: Pick<Evidence, 'author' | 'reviews' | 'queries' | 'comments' | 'discards' | 'field_notes'>,
): Act[] {
  const acts: Act[] = []
  for (const [n, review] of evidence.reviews.entries()) {
    acts.push({
      id: review.id,
      at: review.at,
      icon: review.decision === 'accepted' ? 'checkCircle' : 'close',
      tone: review.decision === 'accepted' ? 'good' : 'bad',
      title: t(`talk.reviewed.${review.decision}`, { who: review.by.name }),
      text: review.reason,
      waiting: false,
      superseded: n < evidence.reviews.length - 1,
    })
  }
  for (const query of evidence.queries) {
    acts.push({
      id: query.id,
      at: query.asked_at,
      icon: 'help',
      tone: query.answered_at ? 'neutral' : 'warn',
      title: t('talk.asked', { who: query.asked_by.name }),
      text: query.text,
      waiting: !query.answered_at,
      superseded: false,
    })
    if (query.answered_at) {
      acts.push({
        id: `${query.id}-answer`,
        at: query.answered_at,
        icon: 'comment',
        tone: 'neutral',
        title: t('talk.answered', { who: evidence.author.name }),
        text: query.answer ?? '',
        waiting: false,
        superseded: false,
      })
    }
  }
  for (const comment of evidence.comments) {
    acts.push({
      id: comment.id,
      at: comment.at,
      icon: 'note',
      tone: 'neutral',
      title: t('talk.commented', { who: comment.by.name }),
      text: comment.text,
      waiting: false,
      superseded: false,
    })
  }
  for (const note of evidence.field_notes) {
    acts.push({
      id: note.id,
      at: note.written_at,
      icon: 'note',
      tone: 'neutral',
      title: t('talk.noted', { who: note.by.name }),
      text: note.text ?? t('talk.withheld'),
      waiting: false,
      superseded: false,
    })
  }
  for (const discard of evidence.discards) {
    acts.push({
      id: discard.id,
      at: discard.declared_at,
      icon: 'archive',
      tone: discard.effective ? 'bad' : 'warn',
      title: t(discard.effective ? 'talk.discarded' : 'talk.discard_cited', { who: evidence.author.name }),
      text: discard.reason ?? '',
      waiting: false,
      superseded: false,
    })
  }
  return acts.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}
