import { preferredLocale, setLocale } from '@shared/kit/i18n'
import { shallowRef } from 'vue'
import { getValue, setValue } from '../db/db'
import { DEFAULT_SETTINGS, type NetworkPolicy } from '../sync/policy'

export type Theme = 'system' | 'light' | 'dark' | 'outdoor'
export interface FieldSettings {
  originals: NetworkPolicy
  locale: 'zh' | 'en'
  theme: Theme
}

export const settings = shallowRef<FieldSettings>({ ...DEFAULT_SETTINGS, locale: 'zh', theme: 'system' })

function applyTheme(theme: Theme): void {
  // The blocking theme.js reads this before the first paint.
  localStorage.setItem('zhicha.theme', theme)
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme = theme === 'system' ? (dark ? 'dark' : 'light') : theme
}

export async function restoreSettings(): Promise<void> {
  const kept = await getValue<Partial<FieldSettings>>('settings')
  settings.value = { ...settings.value, locale: preferredLocale(navigator.languages), ...kept }
  applyTheme(settings.value.theme)
  await setLocale(settings.value.locale)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    applyTheme(settings.value.theme),
  )
  // The service worker words its notifications by what is stored here.
  if (!kept?.locale) await setValue('settings', settings.value)
}

export async function changeSettings(change: Partial<FieldSettings>): Promise<void> {
  settings.value = { ...settings.value, ...change }
  if (change.theme) applyTheme(change.theme)
  if (change.locale) await setLocale(change.locale)
  await setValue('settings', settings.value)
}
