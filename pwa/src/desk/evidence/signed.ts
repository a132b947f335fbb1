/** Who confirmed a chain beside its author, in words. */

import type { IconName } from '@shared/kit/ui/icons'
import type { Evidence } from './queries'
import { t } from './words'

interface Confirmation {
  id: string
  tone: 'good' | 'warn'
  icon: IconName
  text: string
  /** Name and post; empty where the reader may not know them. */
  who: string
  reason: string
  at: string | null
}

/** Passkeys first, then whoever signed the seal or refused to, in the order in which they did. */
export function confirmations(chain: Pick<Evidence['chain'], 'cosignatures' | 'passkeys'>): Confirmation[] {
  const passkeys = chain.passkeys.map(
    ({ beside, holds, problem }): Confirmation => ({
      id: `passkey-${beside}`,
      tone: holds ? 'good' : 'warn',
      icon: 'key',
      text: holds
        ? t(`signed.passkey.${beside}`)
        : t(`signed.passkey_bad.${beside}`, {
            why: t.maybe(`signed.why.${problem}`) ?? t('signed.why.other'),
          }),
      who: '',
      reason: '',
      at: null,
    }),
  )
  const people = chain.cosignatures.map(
    (one): Confirmation => ({
      id: one.id,
      tone: one.outcome === 'signed' ? 'good' : 'warn',
      icon: one.outcome === 'signed' ? 'sign' : 'void',
      text: t(`signed.${one.party}.${one.outcome}`),
      who: [one.name, one.post].filter(Boolean).join(' · '),
      reason: one.reason ?? '',
      at: one.at,
    }),
  )
  return [...passkeys, ...people]
}
