import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { canAny, type Permission, session } from '../access/session'
import { pages, WAITING } from './pages'

declare module 'vue-router' {
  interface RouteMeta {
    permission?: Permission | readonly Permission[]
  }
}

/** The list stays where it is while the detail beside it changes: one record for both, with an optional id. */
const routes: RouteRecordRaw[] = [
  {
    path: '/waiting/:id?',
    name: 'waiting',
    component: () => import('../waiting/WaitingPage.vue'),
    meta: { permission: WAITING },
  },
  {
    path: '/tasks/:id?',
    name: 'tasks',
    component: () => import('../tasks/TasksPage.vue'),
    meta: { permission: 'slip.read' },
  },
  {
    path: '/meetings/:id?',
    name: 'meetings',
    component: () => import('../meetings/MeetingsPage.vue'),
    meta: { permission: 'meeting.read' },
  },
  {
    path: '/circulation/:id?',
    name: 'circulation',
    component: () => import('../circulation/CirculationPage.vue'),
    meta: { permission: 'circulation.read' },
  },
  {
    path: '/rules/:id?',
    name: 'rules',
    component: () => import('../rules/RulesPage.vue'),
    meta: { permission: 'rule.read' },
  },
  {
    path: '/evidence/:id?',
    name: 'evidence',
    component: () => import('../evidence/EvidencePage.vue'),
    meta: { permission: 'evidence.read' },
  },
  {
    path: '/items/:id?',
    name: 'items',
    component: () => import('../items/ItemsPage.vue'),
    meta: { permission: 'item.read' },
  },
  {
    path: '/intake/:id?',
    name: 'intake',
    component: () => import('../intake/IntakePage.vue'),
    meta: { permission: 'item.register' },
  },
  {
    path: '/limits/:id?',
    name: 'limits',
    component: () => import('../limits/LimitsPage.vue'),
    meta: { permission: 'item.read' },
  },
  {
    path: '/programmes/:id?',
    name: 'programmes',
    component: () => import('../programmes/ProgrammesPage.vue'),
    meta: { permission: 'programme.read' },
  },
  {
    path: '/wall/:id?',
    name: 'wall',
    component: () => import('../items/plan/PlanPage.vue'),
    meta: { permission: 'item.read' },
  },
  {
    path: '/visits/:id?',
    name: 'visits',
    component: () => import('../visits/VisitsPage.vue'),
    meta: { permission: 'visit.read' },
  },
  {
    path: '/findings/:id?',
    name: 'findings',
    component: () => import('../findings/FindingsPage.vue'),
    meta: { permission: 'finding.read' },
  },
  {
    path: '/cases/:id?',
    name: 'cases',
    component: () => import('../cases/CasesPage.vue'),
    meta: { permission: 'case.read' },
  },
  {
    path: '/devices/:id?',
    name: 'devices',
    component: () => import('../access/DevicesPage.vue'),
    meta: { permission: 'device.read' },
  },
  {
    path: '/people/:id?',
    name: 'people',
    component: () => import('../access/PeoplePage.vue'),
    meta: { permission: 'account.read' },
  },
  {
    path: '/log',
    name: 'log',
    component: () => import('../log/LogPage.vue'),
    meta: { permission: 'alarm.read' },
  },
  { path: '/inbox', name: 'inbox', component: () => import('../inbox/InboxPage.vue') },
  { path: '/', name: 'start', component: () => import('./NotFoundPage.vue') },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./NotFoundPage.vue') },
]

export const router = createRouter({ history: createWebHistory('/desk/'), routes })

export function firstOpenPage(): string {
  return pages.find((page) => canAny(page.permission))?.name ?? 'inbox'
}

/** A page without permission looks exactly like a page that does not exist. Before the sign-in nothing is judged. */
router.beforeEach((to) => {
  if (!session.value) return true
  if (to.name === 'start') return { name: firstOpenPage(), replace: true }
  if (canAny(to.meta.permission)) return true
  return { name: 'nowhere', params: { rest: to.path.slice(1).split('/') }, query: to.query, replace: true }
})

export function judgeAddressAgain(): void {
  void router.replace({ path: router.currentRoute.value.fullPath, force: true })
}
