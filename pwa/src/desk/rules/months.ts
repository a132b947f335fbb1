/** A year as twelve months of weeks that begin on Monday; days are texts like 2026-05-25, without any time zone. */
export interface MonthDay {
  day: string
  date: number
  weekend: boolean
}

export function monthsOf(year: number): (MonthDay | null)[][] {
  return Array.from({ length: 12 }, (_, month) => {
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const blanks = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7
    const days = Array.from({ length: count }, (_day, at) => ({
      day: `${year}-${String(month + 1).padStart(2, '0')}-${String(at + 1).padStart(2, '0')}`,
      date: at + 1,
      weekend: (blanks + at) % 7 > 4,
    }))
    return [...Array.from({ length: blanks }, () => null), ...days]
  })
}
