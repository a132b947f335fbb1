/** A calendar day as a number, so that days can be counted and drawn. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)
