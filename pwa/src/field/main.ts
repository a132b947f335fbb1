import '@shared/kit/tokens.css'
import './app/app.css'
import './app/rows.css'
import './app/bars.css'
import './app/controls.css'
import { createApp, watch } from 'vue'
import { restoreSession, session } from './access/session'
import App from './app/App.vue'
import { AppLink } from './app/AppLink'
import { idle } from './app/idle'
import { noteSignedIn, routeToResume, wasSignedIn } from './app/resume'
import { router } from './app/router'
import { restoreSettings } from './app/settings'
import { registerServiceWorker } from './app/update'
import { db } from './db/db'
import { letGoWhenLeft } from './db/leave'

/** Longer than reading takes; a phone whose storage is in trouble still shows its screens. */
const PICTURE_MS = 400

let isMounted = () => {}
const mounted = new Promise<void>((resolve) => {
  isMounted = resolve
})

const within = (ms: number, act: Promise<unknown>) =>
  Promise.race([act, new Promise((resolve) => setTimeout(resolve, ms))])

async function firstPicture(): Promise<void> {
  const { readFirstPicture } = await import('./app/firstPicture')
  const { read, release } = readFirstPicture()
  await within(PICTURE_MS, read)
  // By then the screens look for themselves.
  void mounted.then(release)
}

async function firstPage(): Promise<void> {
  const resume = location.pathname === '/m/' ? routeToResume() : null
  await (resume ? router.replace(resume) : router.start())
}

async function start(): Promise<void> {
  letGoWhenLeft(db)
  const early = wasSignedIn() ? firstPicture() : null
  await Promise.all([restoreSession(), restoreSettings(), early])
  if (session.value) await Promise.all([early ?? firstPicture(), firstPage()])
  else await import('./access/SignInPage.vue')
  createApp(App).component('AppLink', AppLink).mount('#app')
  watch(session, (now) => noteSignedIn(now !== null), { immediate: true })

  // Everything that is not needed for the first picture comes after it.
  await idle()
  isMounted()
  const { startBackground } = await import('./app/background')
  await startBackground()
  await registerServiceWorker()
}

void start()
