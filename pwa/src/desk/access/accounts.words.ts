import { dictionary } from '@shared/kit/i18n'
import { zh } from './accounts.zh'

export const t = dictionary(zh, () => import('./accounts.en'))
