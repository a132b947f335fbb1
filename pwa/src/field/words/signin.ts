import { dictionary } from '@shared/kit/i18n'
import { signInZh } from './signin.zh'
import { zh } from './zh'

/** The words of signing in alone: the very first visit does not wait for those of all other screens. */
export const t = dictionary({ ...zh, ...signInZh }, () => import('./signin.en'))
