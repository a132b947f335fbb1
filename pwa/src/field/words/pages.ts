import { dictionary } from '@shared/kit/i18n'
import { pagesZh } from './pages.zh'
import { proofsZh } from './proofs.zh'
import { zh } from './zh'

/** All words of the field app, for the screens that load after the first picture. */
export const t = dictionary({ ...zh, ...pagesZh, ...proofsZh }, () => import('./pages.en'))
