/** A small map without tiles: the site's circle, the fix and its accuracy, drawn to scale around both. Pure. */
export interface Place {
  lat_e7: number
  lon_e7: number
}
export interface Plan {
  /** Metres from the left and from the top edge of the drawing; `span` is its width and height. */
  span: number
  site: { x: number; y: number; r: number } | null
  fix: { x: number; y: number; r: number } | null
  /** A round length for the scale bar, in metres. */
  bar: number
}

const METRES_PER_DEGREE = 111_320

/** Metres east and north of `from`; flat, which within a few kilometres is exact to a thousandth. */
export function offset(from: Place, to: Place): { east: number; north: number } {
  const north = ((to.lat_e7 - from.lat_e7) / 1e7) * METRES_PER_DEGREE
  const shrink = Math.cos(((from.lat_e7 + to.lat_e7) / 2 / 1e7) * (Math.PI / 180))
  let degrees = (to.lon_e7 - from.lon_e7) / 1e7
  if (degrees > 180) degrees -= 360
  if (degrees < -180) degrees += 360
  return { east: degrees * METRES_PER_DEGREE * shrink, north }
}

export function roundLength(metres: number): number {
  if (metres <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(metres))
  const lead = metres / power
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power
}

export function plan(
  site: (Place & { radius: number }) | null,
  fix: (Place & { accuracy: number }) | null,
): Plan | null {
  const origin = site ?? fix
  if (!origin) return null
  const away = site && fix ? offset(site, fix) : { east: 0, north: 0 }
  const circles = [
    ...(site ? [{ east: 0, north: 0, r: site.radius }] : []),
    ...(fix ? [{ ...away, r: fix.accuracy }] : []),
  ]
  const west = Math.min(...circles.map((c) => c.east - c.r))
  const east = Math.max(...circles.map((c) => c.east + c.r))
  const south = Math.min(...circles.map((c) => c.north - c.r))
  const north = Math.max(...circles.map((c) => c.north + c.r))
  const span = Math.max(east - west, north - south, 40) * 1.2
  const at = (p: { east: number; north: number }) => ({
    x: p.east - (west + east) / 2 + span / 2,
    y: (south + north) / 2 - p.north + span / 2,
  })
  return {
    span,
    site: site ? { ...at({ east: 0, north: 0 }), r: site.radius } : null,
    fix: fix ? { ...at(away), r: fix.accuracy } : null,
    bar: roundLength(span / 3),
  }
}
