import type { zh } from './devices.zh'

export default {
  title: 'Phones',
  search: 'Find by person or phone',
  standing: 'State',
  any_state: 'All states',
  'state.unconfirmed': 'To be confirmed',
  'state.confirmed': 'Confirmed',
  'state.revocation_asked': 'Revocation to be confirmed',
  'state.revoked': 'Revoked',
  empty: 'No phone is enrolled yet',
  empty_hint: 'A phone enrols itself when an inspector signs in on it.',
  'about.unconfirmed':
    'Somebody other than the owner has to check and confirm it. Until then, what it captures says “unconfirmed”.',
  'about.confirmed': 'Its owner and a second person vouch for it.',
  'about.revocation_asked':
    'Since this was asked for, the phone begins no new chain of evidence. Somebody other than the asker confirms it, or keeps the phone.',
  'about.revoked': 'Revoked. What still arrives from it is marked “after revocation”, and nothing is lost.',
  steps: 'What happened',
  'step.enrolled': 'Enrolled by its owner',
  'step.confirmed': 'Confirmed by a second person',
  'step.asked': 'Revocation asked for',
  'step.revoked': 'Revocation confirmed',
  'step.open': 'not yet',
  owner: 'Owner',
  unit: 'Unit',
  platform: 'System',
  platform_none: 'unknown',
  seen: 'Last sync',
  seen_never: 'never',
  reason: 'Reason for revocation',
  'act.confirm': 'Confirm the phone',
  'act.ask': 'Ask for revocation',
  'act.end': 'Confirm revocation',
  'act.keep': 'Keep the phone',
  'confirm.text':
    'Check in person first: {name} really uses this phone.\n\nYour name and the time go into the log, and everything that this phone captures will rest on it.',
  'end.text':
    'This cannot be undone. {name} must enrol the phone anew to capture with it again; what it still holds can be delivered and will be marked.',
  'keep.text':
    'The request is turned down and the phone may begin new chains again. Request and decision stay in the log.',
  'ask.label': 'Why revoke it',
  'ask.hint':
    'For example: lost, replaced, its owner left. From this moment the phone begins no new chain, and its owner is signed out everywhere else.',
  'done.confirm': 'The phone is confirmed.',
  'done.ask': 'Asked for. A second person has to confirm.',
  'done.end': 'The phone is revoked.',
  'done.keep': 'The phone stays.',
  waits_for_other: 'You asked for this; somebody else has to confirm it.',
  own: 'This is your own phone; somebody else has to confirm it.',
  pick: 'Choose a phone',
  pick_hint: 'See who enrolled it and who confirmed it.',
} satisfies Record<keyof typeof zh, string>
