import { dictionary } from '@shared/kit/i18n'
import { zh } from './zh'

export const t = dictionary(zh, () => import('./en'))
