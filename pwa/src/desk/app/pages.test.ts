import { describe, expect, it } from 'vitest'
import { pages, WAITING } from './pages'
import en from './words.en'
import { zh } from './words.zh'

describe('the pages of rail and menu', () => {
  it('have a name and a key of their own', () => {
    for (const page of pages) expect(zh).toHaveProperty([`page.${page.name}`])
    expect(new Set(pages.map((page) => page.key)).size).toBe(pages.length)
  })
  it('show what waits also to who decides on limits only, as an instructing leader does', () => {
    expect(WAITING).toContain('item.extend')
    expect(pages[0]).toMatchObject({ name: 'waiting', permission: WAITING })
  })
  it('lead to a page with the same name on it', () => {
    const headings = {
      zh: import.meta.glob<Record<string, string>>('../*/words.zh.ts', { eager: true, import: 'zh' }),
      en: import.meta.glob<Record<string, string>>('../*/words.en.ts', { eager: true, import: 'default' }),
    }
    for (const { name } of pages)
      for (const [locale, rail] of [['zh', zh] as const, ['en', en] as const]) {
        const words = headings[locale][`../${name}/words.${locale}.ts`]
        const heading = words?.['list.title'] ?? words?.title
        // The rail may be shorter; the tabs of some pages are their headings.
        if (heading) expect(heading.toLowerCase()).toContain(rail[`page.${name}`].toLowerCase())
      }
  })
})
