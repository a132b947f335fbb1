import { dictionary } from '@shared/kit/i18n'
import { zh } from './export.zh'

export const exportWords = dictionary(zh, () => import('./export.en'))
