/** A reference in the spelling of the ledger, as the server keeps it: 云府办发〔2026〕7号. */
const YEAR = /\s*[[(\uFF08【〔〈﹝]\s*(\d{4})\s*[\])\uFF09】〕〉﹞]\s*/g
const SERIAL = /〕第?\s*0*(\d+)\s*号/g
const WIDE = /[\uFF10-\uFF19]/g

export function normalReference(text: string): string {
  const digits = text.replace(WIDE, (one) => String(one.charCodeAt(0) - 0xff10))
  return digits.trim().replace(/\s+/g, ' ').replace(YEAR, '〔$1〕').replace(SERIAL, '〕$1号')
}
