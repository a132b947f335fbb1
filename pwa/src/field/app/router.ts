import { createRouter, createWebHistory } from 'vue-router'
import TodayPage from '../visits/TodayPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** A screen with its own bottom action: no tab bar. */
    bare?: boolean
    tab?: 'today' | 'capture' | 'items' | 'me'
  }
}

export const router = createRouter({
  history: createWebHistory('/m/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', name: 'today', component: TodayPage, meta: { tab: 'today' } },
    {
      path: '/visits/:id',
      name: 'visit',
      component: () => import('../visits/VisitPage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/visits/:id/sign',
      name: 'sign',
      component: () => import('../visits/SignPage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/visits/:id/capture',
      name: 'capture',
      component: () => import('../evidence/CapturePage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/visits/:id/findings/new',
      name: 'new-finding',
      component: () => import('../findings/NewFindingPage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/capture',
      name: 'choose-visit',
      component: () => import('../evidence/ChooseVisitPage.vue'),
      meta: { tab: 'capture' },
    },
    {
      path: '/evidence/:id',
      name: 'evidence',
      component: () => import('../evidence/EvidencePage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/findings/:id',
      name: 'finding',
      component: () => import('../findings/FindingPage.vue'),
      props: true,
      meta: { bare: true },
    },
    {
      path: '/items',
      name: 'items',
      component: () => import('../items/ItemsPage.vue'),
      meta: { tab: 'items' },
    },
    {
      path: '/items/:id',
      name: 'item',
      component: () => import('../items/ItemPage.vue'),
      props: true,
      meta: { bare: true },
    },
    { path: '/sync', name: 'sync', component: () => import('../sync/SyncPage.vue'), meta: { tab: 'me' } },
    { path: '/me', name: 'me', component: () => import('../settings/MePage.vue'), meta: { tab: 'me' } },
    { path: '/inbox', name: 'inbox', component: () => import('../inbox/InboxPage.vue'), meta: { tab: 'me' } },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('../settings/SettingsPage.vue'),
      meta: { tab: 'me' },
    },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./LostPage.vue'), meta: { tab: 'today' } },
  ],
})
