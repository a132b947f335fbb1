import { dictionary } from '@shared/kit/i18n'
import { zh } from './process.zh'

export const t = dictionary(zh, () => import('./process.en'))
