/** The rail: one entry for each domain word, and the key that follows `g`. */
import type { IconName } from '@shared/kit/ui/icons'
import { computed } from 'vue'
import { canAny, type Permission } from '../access/session'

interface PageEntry {
  name:
    | 'waiting'
    | 'tasks'
    | 'evidence'
    | 'intake'
    | 'items'
    | 'limits'
    | 'programmes'
    | 'wall'
    | 'meetings'
    | 'circulation'
    | 'visits'
    | 'findings'
    | 'cases'
    | 'rules'
    | 'devices'
    | 'people'
    | 'log'
    | 'inbox'
  icon: IconName
  key: string
  /** One that is needed, or several of which one is enough. */
  permission: Permission | readonly Permission[] | null
}

/** Everybody for whom something can wait: who signs, who proposes, who confirms. */
export const WAITING = ['item.sign', 'item.propose', 'item.direct', 'item.extend'] as const

export const pages: readonly PageEntry[] = [
  { name: 'waiting', icon: 'checkCircle', key: 'w', permission: WAITING },
  { name: 'tasks', icon: 'file', key: 't', permission: 'slip.read' },
  { name: 'evidence', icon: 'camera', key: 'e', permission: 'evidence.read' },
  { name: 'intake', icon: 'archive', key: 'a', permission: 'item.register' },
  { name: 'items', icon: 'list', key: 'i', permission: 'item.read' },
  { name: 'limits', icon: 'alert', key: 'o', permission: 'item.read' },
  { name: 'programmes', icon: 'today', key: 'y', permission: 'programme.read' },
  { name: 'wall', icon: 'columns', key: 'b', permission: 'item.read' },
  { name: 'meetings', icon: 'comment', key: 'm', permission: 'meeting.read' },
  { name: 'circulation', icon: 'clock', key: 'd', permission: 'circulation.read' },
  { name: 'visits', icon: 'pin', key: 'v', permission: 'visit.read' },
  { name: 'findings', icon: 'flag', key: 'f', permission: 'finding.read' },
  { name: 'cases', icon: 'gavel', key: 'c', permission: 'case.read' },
  { name: 'rules', icon: 'calendar', key: 'r', permission: 'rule.read' },
  { name: 'devices', icon: 'device', key: 'p', permission: 'device.read' },
  { name: 'people', icon: 'team', key: 'u', permission: 'account.read' },
  { name: 'log', icon: 'shield', key: 'l', permission: 'alarm.read' },
  { name: 'inbox', icon: 'inbox', key: 'n', permission: null },
]

/** Those of the person who is signed in. */
export const openPages = computed(() => pages.filter((page) => canAny(page.permission)))
