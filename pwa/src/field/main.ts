import '@shared/kit/tokens.css'
import './app/app.css'
import './app/controls.css'
import { createApp } from 'vue'
import { restoreSession, session } from './access/session'
import App from './app/App.vue'
import { AppLink } from './app/AppLink'
import { routeToResume } from './app/resume'
import { router } from './app/router'
import { restoreSettings } from './app/settings'
import { registerServiceWorker } from './app/update'

async function start(): Promise<void> {
  await Promise.all([restoreSession(), restoreSettings()])
  const resume = location.pathname === '/m/' ? routeToResume() : null
  if (resume && session.value) await router.replace(resume)
  else await router.start()
  createApp(App).component('AppLink', AppLink).mount('#app')

  // Everything that is not needed for the first picture comes after it.
  const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 200))
  idle(async () => {
    const { startBackground } = await import('./app/background')
    await startBackground()
    await registerServiceWorker()
  })
}

void start()
