import { dictionary } from '@shared/kit/i18n'
import { zh } from './plausibility.zh'

export const plausible = dictionary(zh, () => import('./plausibility.en'))
