import '@shared/kit/tokens.css'
import './app/desk.css'
import './app/details.css'
import './app/forms.css'
import './app/narrow.css'
import './app/print.css'
import { createApp } from 'vue'
import { openSession } from './access/session'
import App from './app/App.vue'
import { restorePreferences } from './app/preferences'
import { router } from './app/router'

await Promise.all([restorePreferences(), openSession()])
createApp(App).use(router).mount('#app')
