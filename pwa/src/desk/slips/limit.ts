/** The end of a limit as people say it: a limit that ends at midnight ends on the day before, at 24:00. Pure. */
import { formatDate, formatDateTime, formatTime } from '@shared/kit/clock'

export function limitText(at: string): string {
  if (formatTime(at) !== '00:00') return formatDateTime(at)
  const day = formatDate(Date.parse(at) - 1)
  return day.endsWith(')') ? `${day}24:00` : `${day}, 24:00`
}
