/** Coordinates as people paste them: «30.512345, 114.301234», with Chinese or English punctuation, N/E or without. */
export interface Point {
  lat_e7: number
  lon_e7: number
}

export function parseCoordinates(text: string): Point | null {
  const numbers = text
    .replace(/[,,、;;]/g, ' ')
    .replace(/[°NEne北纬东经::]/g, ' ')
    .trim()
    .split(/\s+/)
    .map(Number)
  const [lat, lon] = numbers
  if (numbers.length !== 2 || lat === undefined || lon === undefined) return null
  if (!Number.isFinite(lat) || !Number.isFinite(lon) || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  return { lat_e7: Math.round(lat * 1e7), lon_e7: Math.round(lon * 1e7) }
}
