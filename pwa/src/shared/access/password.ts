/** What the server asks of a new password (`password_unfit`), said before it is sent. */
export const SHORTEST_PASSWORD = 10

export function unfit(chosen: string, old: string): 'short' | 'same' | null {
  if (chosen === old && chosen !== '') return 'same'
  // Characters as the server counts them, not halves of them.
  return [...chosen].length < SHORTEST_PASSWORD ? 'short' : null
}
