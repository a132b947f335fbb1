/**
 * A QR code (ISO/IEC 18004) of a short text: byte mode, error correction M, versions 1 to 10. Enough for a slip, drawn
 * without a network and without a library.
 */

/** Per version at level M: codewords of error correction per block, then blocks of the first and the second length. */
const BLOCKS: readonly (readonly [check: number, short: number, data: number, long: number])[] = [
  [10, 1, 16, 0],
  [16, 1, 28, 0],
  [26, 1, 44, 0],
  [18, 2, 32, 0],
  [24, 2, 43, 0],
  [16, 4, 27, 0],
  [18, 4, 31, 0],
  [22, 2, 38, 2],
  [22, 3, 36, 2],
  [26, 4, 43, 1],
]
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

export class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** Rows of modules; true is dark. `mask` only for tests: the best one is chosen. */
export function qr(text: string, mask?: number): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  const version = BLOCKS.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1
  if (version === 0) throw new TooLong()
  const codewords = interleaved(version, dataOf(version, bytes))
  const masks = mask === undefined ? [0, 1, 2, 3, 4, 5, 6, 7] : [mask]
  const drawn = masks.map((each) => draw(version, codewords, each))
  return drawn.reduce((best, next) => (penalty(next) < penalty(best) ? next : best))
}

function blocks(version: number): readonly [number, number, number, number] {
  const found = BLOCKS[version - 1]
  if (!found) throw new TooLong()
  return found
}

function dataCodewords(version: number): number {
  const [, short, data, long] = blocks(version)
  return short * data + long * (data + 1)
}

const countBits = (version: number): number => (version < 10 ? 8 : 16)
const capacity = (version: number): number =>
  Math.floor((dataCodewords(version) * 8 - 4 - countBits(version)) / 8)

function dataOf(version: number, bytes: Uint8Array): number[] {
  const bits: number[] = []
  const push = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  push(0b0100, 4)
  push(bytes.length, countBits(version))
  for (const byte of bytes) push(byte, 8)
  const room = dataCodewords(version) * 8
  push(0, Math.min(4, room - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const data: number[] = []
  for (let at = 0; at < bits.length; at += 8)
    data.push(bits.slice(at, at + 8).reduce((byte, bit) => (byte << 1) | bit, 0))
  for (let pad = 0xec; data.length < dataCodewords(version); pad ^= 0xec ^ 0x11) data.push(pad)
  return data
}

/** Reed–Solomon over GF(2⁸) with the polynomial x⁸+x⁴+x³+x²+1. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((b >> bit) & 1) * a
  }
  return product
}

function generator(degree: number): number[] {
  const coefficients = [...new Array<number>(degree - 1).fill(0), 1]
  let root = 1
  for (let step = 0; step < degree; step++) {
    for (let at = 0; at < degree; at++)
      coefficients[at] = times(coefficients[at] ?? 0, root) ^ (coefficients[at + 1] ?? 0)
    root = times(root, 2)
  }
  return coefficients
}

function checkOf(data: readonly number[], divisor: readonly number[]): number[] {
  const rest = divisor.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0)
    rest.push(0)
    for (const [at, coefficient] of divisor.entries()) rest[at] = (rest[at] ?? 0) ^ times(coefficient, factor)
  }
  return rest
}

function interleaved(version: number, data: readonly number[]): number[] {
  const [check, short, length, long] = blocks(version)
  const divisor = generator(check)
  const parts: { data: readonly number[]; check: number[] }[] = []
  for (let block = 0, at = 0; block < short + long; block++) {
    const end = at + length + (block < short ? 0 : 1)
    const part = data.slice(at, end)
    parts.push({ data: part, check: checkOf(part, divisor) })
    at = end
  }
  const all: number[] = []
  for (let at = 0; at <= length; at++)
    for (const part of parts) {
      const byte = part.data[at]
      if (byte !== undefined) all.push(byte)
    }
  for (let at = 0; at < check; at++) for (const part of parts) all.push(part.check[at] ?? 0)
  return all
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

function draw(version: number, codewords: readonly number[], mask: number): boolean[][] {
  const size = version * 4 + 17
  const dark: boolean[][] = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const fixed: boolean[][] = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const set = (row: number, column: number, value: boolean) => {
    const [cells, taken] = [dark[row], fixed[row]]
    if (!cells || !taken || column < 0 || column >= size) return
    cells[column] = value
    taken[column] = true
  }

  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [top, left] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    for (let row = -4; row <= 4; row++)
      for (let column = -4; column <= 4; column++) {
        const ring = Math.max(Math.abs(row), Math.abs(column))
        set(top + row, left + column, ring !== 2 && ring !== 4)
      }
  const centres = ALIGNMENT[version - 1] ?? []
  const last = centres.length - 1
  for (const [i, top] of centres.entries())
    for (const [j, left] of centres.entries()) {
      if ((i === 0 && (j === 0 || j === last)) || (i === last && j === 0)) continue
      for (let row = -2; row <= 2; row++)
        for (let column = -2; column <= 2; column++)
          set(top + row, left + column, Math.max(Math.abs(row), Math.abs(column)) !== 1)
    }
  drawFormat(set, size, mask)
  if (version >= 7) drawVersion(set, size, version)

  let bit = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    const from = right <= 6 ? right - 1 : right
    for (let step = 0; step < size; step++)
      for (const column of [from, from - 1]) {
        const upward = ((from + 1) & 2) === 0
        const row = upward ? size - 1 - step : step
        const [cells, taken] = [dark[row], fixed[row]]
        if (!cells || !taken || taken[column]) continue
        const value = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
        cells[column] = value !== (MASKS[mask]?.(row, column) ?? false)
        bit += 1
      }
  }
  return dark
}

type Set = (row: number, column: number, value: boolean) => void
const isSet = (bits: number, at: number): boolean => ((bits >> at) & 1) === 1

/** Level M (00) and the mask, protected by a BCH code. */
function drawFormat(set: Set, size: number, mask: number): void {
  let rest = mask
  for (let step = 0; step < 10; step++) rest = (rest << 1) ^ ((rest >> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  for (let at = 0; at <= 5; at++) set(at, 8, isSet(bits, at))
  set(7, 8, isSet(bits, 6))
  set(8, 8, isSet(bits, 7))
  set(8, 7, isSet(bits, 8))
  for (let at = 9; at < 15; at++) set(8, 14 - at, isSet(bits, at))
  for (let at = 0; at < 8; at++) set(8, size - 1 - at, isSet(bits, at))
  for (let at = 8; at < 15; at++) set(size - 15 + at, 8, isSet(bits, at))
  set(size - 8, 8, true)
}

function drawVersion(set: Set, size: number, version: number): void {
  let rest = version
  for (let step = 0; step < 12; step++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let at = 0; at < 18; at++) {
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)]
    set(near, far, isSet(bits, at))
    set(far, near, isSet(bits, at))
  }
}

/** How hard a drawing is to read: long runs, blocks of one colour, false finders, and a surplus of one colour. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const size = dark.length
  let points = 0
  const lines = [...dark, ...dark.map((_, column) => dark.map((row) => row[column] ?? false))]
  for (const line of lines) {
    let run = 0
    for (const [at, value] of line.entries()) {
      run = at > 0 && value === line[at - 1] ? run + 1 : 1
      if (run === 5) points += 3
      else if (run > 5) points += 1
    }
    const text = line.map(Number).join('')
    for (const finder of ['10111010000', '00001011101'])
      for (let at = text.indexOf(finder); at >= 0; at = text.indexOf(finder, at + 1)) points += 40
  }
  let total = 0
  for (const [row, cells] of dark.entries())
    for (const [column, value] of cells.entries()) {
      total += Number(value)
      const below = dark[row + 1]
      if (below && column + 1 < size && value === cells[column + 1] && value === below[column])
        if (value === below[column + 1]) points += 3
    }
  return points + Math.floor(Math.abs((total * 20) / (size * size) - 10)) * 10
}

/** One path for all dark modules, in units of a module, without the quiet zone. */
export const qrPath = (modules: readonly (readonly boolean[])[]): string =>
  modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
