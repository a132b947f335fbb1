import { dictionary } from './i18n'
import { zh } from './words.zh'

export const kitWords = dictionary(zh, () => import('./words.en'))
