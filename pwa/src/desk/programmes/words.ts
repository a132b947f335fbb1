import { dictionary } from '@shared/kit/i18n'
import { zh } from './words.zh'

export const t = dictionary(zh, () => import('./words.en'))
