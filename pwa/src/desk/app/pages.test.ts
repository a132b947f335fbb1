import { describe, expect, it } from 'vitest'
import { pages, WAITING } from './pages'
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
})
