import { defineConfig, mergeConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { face } from './vite.shared.ts'

const START = new RegExp(
  [
    'node_modules/(@vue|vue|dexie)/',
    'shared/kit/(api|clock|i18n|ids|problems|words|words\\.zh)\\.ts',
    'shared/kit/ui/(icons|tones|ZIcon|ZBanner|ZButton)\\.',
    'field/main\\.ts',
    'field/app/(App|AppLink|idle|navigation|platform|resume|router|settings|update)\\.',
    'field/(access/session|db/(db|live)|evidence/inflight|words/(index|zh))\\.ts',
    'field/sync/policy\\.',
  ].join('|'),
)
/** The first picture of whoever is signed in. Whoever is not gets the sign-in page instead. */
const PICTURE = new RegExp(
  [
    'shared/(words/(index|zh)|visits/)',
    'shared/kit/ui/(ZBadge|ZEmpty|ZSkeleton)\\.',
    'field/app/(AppBar|AppShell|TabBar|firstPicture)\\.',
    'field/sync/(status|summary|waiting|SyncLine)\\.',
    'field/visits/(TodayPage|VisitCard|cards|lifecycle|local)\\.',
  ].join('|'),
)
const SIGN_IN = /field\/(access\/SignInPage|words\/signin(\.zh)?\.)|shared\/kit\/ui\/ZField\./

export default defineConfig(
  mergeConfig(face('field', '/m/'), {
    build: {
      rolldownOptions: {
        output: {
          // What a start needs, in two files: compresses better than a dozen, and two requests instead of twelve.
          codeSplitting: {
            groups: [
              { name: 'start', test: START },
              { name: 'picture', test: PICTURE },
              { name: 'sign-in', test: SIGN_IN },
            ],
          },
        },
      },
    },
    plugins: [
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '.',
        filename: 'sw.ts',
        // The page asks; a new worker never takes over by itself (see sw.ts).
        registerType: 'prompt',
        injectRegister: false,
        injectManifest: {
          globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
          rollupFormat: 'iife',
        },
        manifest: {
          id: '/m/',
          name: '直查 · 现场督查',
          short_name: '直查',
          description: '现场取证、离线保存、逐件送达。',
          lang: 'zh-CN',
          dir: 'ltr',
          start_url: '/m/',
          scope: '/m/',
          display: 'standalone',
          orientation: 'portrait',
          theme_color: '#1554a8',
          background_color: '#f5f6f8',
          categories: ['government', 'productivity'],
          icons: [
            { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
            { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
            { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          ],
        },
      }),
    ],
  }),
)
