import type { zh } from './words.zh'

const en: Record<keyof typeof zh, string> = {
  title: 'Waiting for me',
  empty: 'Nothing waits for you',
  empty_hint: 'Items that you are to sign, propose, confirm or assign appear here, the most urgent first.',
  since: 'Waiting for',
  more: 'Only the {n} most urgent are listed, of {m}.',
  others: 'Also waiting',
  'act.review_first': 'First signature',
  'act.establish': 'Second signature',
  'act.propose': 'To be proposed',
  'act.submit': 'To be submitted',
  'act.confirm_method': 'Method to be confirmed',
  'act.assign': 'To be assigned',
  'act.decide_method': 'Change of method to decide',
  'other.programme': 'Programme to approve',
  'other.pack': 'Rule pack to enact',
  'other.calendar': 'Calendar to enact',
  'other.extension': 'Extension to decide',
  'other.intake': 'Matter to register',
  'other.intake_late': 'Matter overdue for registration',
  'assign.hint': 'The method is confirmed; draft the task notice.',
  open_item: 'Open the item',
}
export default en
