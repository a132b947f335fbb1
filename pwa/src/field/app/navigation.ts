/**
 * Navigation for a dozen flat routes. The general router costs 9 KB of the 75 KB a first visit may load; this one
 * knows paths with one id, lazily loaded pages, scroll restoration, and nothing else.
 */
import { type Component, shallowRef } from 'vue'

export interface PageMeta {
  /** A screen with its own bottom action: no tab bar. */
  bare?: boolean
  tab?: 'today' | 'capture' | 'items' | 'me'
}

export interface Page extends PageMeta {
  path: string
  load: () => Promise<{ default: Component }> | Component
}

export interface Route {
  path: string
  params: Record<string, string>
  meta: PageMeta
  component: Component
}

interface HistoryState {
  depth: number
  scroll: number
}

const BASE = '/m'
const state = (): HistoryState => ({
  depth: 0,
  scroll: 0,
  ...(history.state as Partial<HistoryState> | null),
})

export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = decodeURIComponent(value)
    else if (part !== value) return null
  }
  return params
}

export const href = (path: string): string => BASE + path

const pathOf = (pathname: string): string => {
  const path = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname
  return path === '' ? '/' : path
}

/** Lists arrive from the database a moment after the page: wait for enough height, half a second at most. */
function restoreScroll(scroll: number, current: () => boolean): void {
  const until = performance.now() + 500
  const step = () => {
    if (!current()) return
    const reachable = document.documentElement.scrollHeight - innerHeight
    scrollTo(0, scroll)
    if (reachable < scroll && performance.now() < until) requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}

export function createNavigation(pages: readonly Page[], lost: Page) {
  const route = shallowRef<Route | null>(null)
  let newest = 0

  async function show(path: string, scroll: number): Promise<void> {
    const turn = ++newest
    const page = pages.find((candidate) => match(candidate.path, path)) ?? lost
    const loaded = page.load()
    const component = loaded instanceof Promise ? (await loaded).default : loaded
    // A later tap won while this page was loading.
    if (turn !== newest) return
    route.value = { path, params: match(page.path, path) ?? {}, meta: page, component }
    restoreScroll(scroll, () => turn === newest)
  }

  addEventListener('popstate', () => void show(pathOf(location.pathname), state().scroll))

  return {
    route,
    loaders: pages.map((page) => page.load),
    start: () => show(pathOf(location.pathname), state().scroll),
    async push(path: string): Promise<void> {
      const { depth } = state()
      history.replaceState({ depth, scroll: scrollY }, '')
      history.pushState({ depth: depth + 1, scroll: 0 }, '', href(path))
      await show(path, 0)
    },
    async replace(path: string): Promise<void> {
      history.replaceState({ depth: state().depth, scroll: 0 }, '', href(path))
      await show(path, 0)
    },
    /** Back through the history when there is one; a deep link goes to the parent instead of leaving the app. */
    async back(parent: string): Promise<void> {
      if (state().depth > 0) history.back()
      else await this.replace(parent)
    },
  }
}
