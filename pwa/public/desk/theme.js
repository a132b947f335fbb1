// Before the first paint, so that a dark or outdoor theme never flashes white.
;(() => {
  let theme = null
  try {
    theme = localStorage.getItem('zhicha.theme')
  } catch {}
  if (!theme || theme === 'system')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
})()
