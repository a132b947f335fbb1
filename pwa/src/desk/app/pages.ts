/** The rail: one entry for each domain word, and the key that follows `g`. */
import type { IconName } from '@shared/kit/ui/icons'
import type { Permission } from '../access/session'

interface PageEntry {
  name: 'evidence' | 'items' | 'visits' | 'findings' | 'cases' | 'inbox'
  icon: IconName
  key: string
  permission: Permission | null
}

export const pages: readonly PageEntry[] = [
  { name: 'evidence', icon: 'camera', key: 'e', permission: 'evidence.read' },
  { name: 'items', icon: 'list', key: 'i', permission: 'item.read' },
  { name: 'visits', icon: 'pin', key: 'v', permission: 'visit.read' },
  { name: 'findings', icon: 'flag', key: 'f', permission: 'finding.read' },
  { name: 'cases', icon: 'gavel', key: 'c', permission: 'case.read' },
  { name: 'inbox', icon: 'inbox', key: 'n', permission: null },
]
