import type { zh } from './words.zh'

export default {
  title: 'Inbox',
  empty: 'Nothing here',
  empty_hint: 'Assignments, questions, answers and reviews appear here.',
  read_all: 'Mark all as read',
  unread: 'Unread',
  'notice.assigned': 'You are on the visit “{visit}”',
  'notice.queried': 'Evidence of “{visit}” was queried',
  'notice.answered': 'The inspector answered your question about evidence of “{visit}”',
  'notice.reviewed': 'Evidence of “{visit}” was reviewed',
  'notice.slip_issued': '{slip} was delivered: please sign for it',
  'notice.slip_withdrawn': '{slip} was withdrawn',
  'notice.slip_refused': 'A unit declined {slip}: please decide',
  'notice.slip_decided': 'The leader decided on the refusal of {slip}',
  'notice.contribution': 'An assisting unit gave its contribution to {item}',
  'notice.desk_late': 'A paper has lain on a leader’s desk for longer than allowed',
  'notice.intake_late': 'A matter lies in the tray for longer than allowed: register it now',
  'notice.item_feedback': '{item} was not established, or its unit refused it: read why',
  'notice.extension_requested': 'An extension of {item} was requested: please decide',
  'notice.extension_decided': 'The request to extend {item} was decided',
  'notice.other': 'News about “{visit}”',
} satisfies Record<keyof typeof zh, string>
