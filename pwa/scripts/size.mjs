// Prints what a first visit to the field app loads (gzip) and fails over the budget.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET = { js: 75_000, css: 6_000 }
const folder = process.argv[2] ?? 'dist/field'
const html = readFileSync(join(folder, 'index.html'), 'utf8')
const gzip = (path) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length

// The entry, everything it imports statically (Vite preloads exactly these), and the blocking theme script.
const links = [...html.matchAll(/(?:src|href)="\/m\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const total = { js: 0, css: 0 }
for (const path of new Set(links)) {
  const kind = path.endsWith('.css') ? 'css' : 'js'
  const bytes = gzip(path)
  total[kind] += bytes
  console.log(`${String(bytes).padStart(7)}  ${path}`)
}
const lazy = readdirSync(folder, { recursive: true })
  .filter((path) => /\.(js|css)$/.test(path) && !links.includes(path.replaceAll('\\', '/')))
  .reduce((sum, path) => sum + gzip(path), 0)
const all = readdirSync(folder, { recursive: true })
  .filter((path) => !/\.(gz|br)$/.test(path) && statSync(join(folder, path)).isFile())
  .reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`
console.log(
  `first load: JS ${kb(total.js)} of ${kb(BUDGET.js)}, CSS ${kb(total.css)} of ${kb(BUDGET.css)} (gzip)`,
)
console.log(`later, worker and service worker: ${kb(lazy)} (gzip); whole app on the phone: ${kb(all)}`)
if (total.js > BUDGET.js || total.css > BUDGET.css) {
  console.error('over budget')
  process.exit(1)
}
