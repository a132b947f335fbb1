import { dictionary } from '@shared/kit/i18n'
import { zh } from './devices.zh'

export const t = dictionary(zh, () => import('./devices.en'))
