import { dictionary } from '../kit/i18n'
import { zh } from './zh'

export const domainWords = dictionary(zh, () => import('./en'))

/** A code from the wire as a word; an unknown code is shown as it came rather than hidden. */
export const wordFor = (group: string, code: string): string => domainWords.maybe(`${group}.${code}`) ?? code
