/** What a draft still needs before it may be proposed; the server decides by the same four conditions. Pure. */
import type { Case } from './queries'

export type Need = 'facts' | 'evidence' | 'accepted' | 'received'

export function needs(one: Pick<Case, 'facts' | 'evidence'>): { need: Need; done: boolean; n: number }[] {
  const unaccepted = one.evidence.filter((citation) => citation.decision !== 'accepted').length
  const incomplete = one.evidence.filter(
    (citation) => citation.originals_received < citation.originals_total,
  ).length
  const any = one.evidence.length > 0
  return [
    { need: 'facts', done: one.facts.trim() !== '', n: 1 },
    { need: 'evidence', done: any, n: 1 },
    { need: 'accepted', done: any && unaccepted === 0, n: unaccepted },
    { need: 'received', done: any && incomplete === 0, n: incomplete },
  ]
}
