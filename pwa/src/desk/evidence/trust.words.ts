import { dictionary } from '@shared/kit/i18n'
import { zh } from './trust.zh'

export const trustWords = dictionary(zh, () => import('./trust.en'))
