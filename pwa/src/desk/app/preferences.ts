/** What a person set on this machine: language, theme, density, single-key shortcuts. */
import { type Locale, preferredLocale, setLocale } from '@shared/kit/i18n'
import { shallowRef } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

export const theme = shallowRef<Theme>('system')
export const density = shallowRef<Density>('comfortable')
/** Single keys can disturb people who dictate or use a screen reader (WCAG 2.1.4), so they can be switched off. */
export const singleKeys = shallowRef(true)

const dark = matchMedia('(prefers-color-scheme: dark)')

function kept(name: string): string | null {
  try {
    return localStorage.getItem(`zhicha.${name}`)
  } catch {
    return null
  }
}
function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`zhicha.${name}`, value)
  } catch {
    // Storage is closed to us: the choice lasts for this page only.
  }
}

function paint(): void {
  const root = document.documentElement
  root.dataset.theme = theme.value === 'system' ? (dark.matches ? 'dark' : 'light') : theme.value
  root.dataset.density = density.value
}

export function chooseTheme(next: Theme): void {
  theme.value = next
  keep('theme', next)
  paint()
}
export function chooseDensity(next: Density): void {
  density.value = next
  keep('density', next)
  paint()
}
export function chooseSingleKeys(next: boolean): void {
  singleKeys.value = next
  keep('single_keys', next ? 'on' : 'off')
}
export async function chooseLocale(next: Locale): Promise<void> {
  await setLocale(next)
  keep('locale', next)
}

export async function restorePreferences(): Promise<void> {
  const chosen = kept('theme')
  theme.value = chosen === 'light' || chosen === 'dark' ? chosen : 'system'
  density.value = kept('density') === 'compact' ? 'compact' : 'comfortable'
  singleKeys.value = kept('single_keys') !== 'off'
  dark.addEventListener('change', paint)
  // Paper is light.
  window.addEventListener('beforeprint', () => {
    document.documentElement.dataset.theme = 'light'
  })
  window.addEventListener('afterprint', paint)
  paint()
  const language = kept('locale')
  await setLocale(language === 'zh' || language === 'en' ? language : preferredLocale(navigator.languages))
}
