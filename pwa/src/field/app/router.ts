import { createNavigation, type Page } from './navigation'

const PAGES: readonly Page[] = [
  { path: '/', load: () => import('../visits/TodayPage.vue'), tab: 'today' },
  { path: '/visits/:id', load: () => import('../visits/VisitPage.vue'), bare: true },
  { path: '/visits/:id/sign', load: () => import('../visits/SignPage.vue'), bare: true },
  { path: '/visits/:id/seal', load: () => import('../slips/SealPage.vue'), bare: true },
  { path: '/seals/:id', load: () => import('../slips/SlipPage.vue'), bare: true },
  { path: '/seals/:id/cosign', load: () => import('../slips/CosignPage.vue'), bare: true },
  { path: '/visits/:id/capture', load: () => import('../evidence/CapturePage.vue'), bare: true },
  { path: '/visits/:id/findings/new', load: () => import('../findings/NewFindingPage.vue'), bare: true },
  { path: '/capture', load: () => import('../evidence/ChooseVisitPage.vue'), tab: 'capture' },
  { path: '/evidence/:id', load: () => import('../evidence/EvidencePage.vue'), bare: true },
  { path: '/findings/:id', load: () => import('../findings/FindingPage.vue'), bare: true },
  { path: '/items', load: () => import('../items/ItemsPage.vue'), tab: 'items' },
  { path: '/items/:id', load: () => import('../items/ItemPage.vue'), bare: true },
  { path: '/sync', load: () => import('../sync/SyncPage.vue'), tab: 'me' },
  { path: '/me', load: () => import('../settings/MePage.vue'), tab: 'me' },
  { path: '/inbox', load: () => import('../inbox/InboxPage.vue'), tab: 'me' },
  { path: '/settings', load: () => import('../settings/SettingsPage.vue'), tab: 'me' },
  { path: '/devices', load: () => import('../settings/DevicesPage.vue'), tab: 'me' },
  { path: '/settings/account', load: () => import('../settings/AccountPage.vue'), tab: 'me' },
]

export const router = createNavigation(PAGES, {
  path: '/lost',
  load: () => import('./LostPage.vue'),
  tab: 'today',
})
