import type { zh } from './words.zh'

const en: Record<keyof typeof zh, string> = {
  title: 'Public log',
  intro:
    'Every record of evidence and every act on it is written into this log, which only grows. Whoever holds an older checkpoint (phones, witnesses, time-stamp authorities) notices any change.',
  'standing.good': 'All is well',
  'standing.good_text': 'New records are in, and outside time stamps arrive.',
  'standing.waiting': 'An outside body cannot be reached',
  'standing.waiting_text': 'Evidence and logging go on; the system tries again by itself and catches up.',
  'standing.alone': 'No outside proof of time',
  'standing.alone_text':
    'No time-stamp authority is set up, so only our own records tell the time. Ask the administrator to set up at least one.',
  'standing.stuck': 'The log stands still',
  'standing.stuck_text':
    'Something has waited for more than a minute. Evidence is not affected; ask the administrator to look at the worker process.',
  'standing.alarm': 'There is an alarm',
  'standing.alarm_text':
    'Somebody found the log to differ from what it promised. Find out at once, and export no evidence until then.',

  log: 'Log',
  size: 'Entries',
  'size.count': '{n}',
  pending: 'Waiting',
  'pending.none': 'None',
  'pending.count': '{n} {n|act|acts}, the oldest since',
  checkpoint: 'Last checkpoint',
  published: 'Published up to',
  'published.count': '{n} {n|entry|entries}',
  none: 'None yet',
  origin: 'Name',
  root: 'Root',
  key: 'Public key',
  keys: 'Public keys (for verifiers)',
  'keys.hint':
    'Verifiers should get the list of keys from a notary or witness. The download here is for convenience and proves nothing.',
  'keys.download': 'Download trust.json',

  authorities: 'Time-stamp authorities',
  'authorities.none': 'None set up.',
  authority: 'Authority',
  'authority.stamp': 'Last stamp',
  'authority.size': 'Covers',
  'authority.waits': 'Waiting',
  'authority.until': 'Certificate until',
  witnesses: 'Outside witnesses',
  'witnesses.none':
    'None set up. Witnesses (a notary, a discipline body) keep checkpoints of their own; no change escapes them.',
  witness: 'Witness',
  'witness.signed': 'Last signature',
  'witness.alarm': 'The witness says it saw another log. Find out at once.',
  attempts: 'Failed {n} {n|time|times}; next try {when}',
  ok: 'Fine',
  renewals: '{n} {n|time stamp runs|time stamps run} out soon and {n|is|are} being renewed.',

  alarms: 'Alarms of phones',
  'alarms.none': 'None. Every phone checks the log each time it syncs.',
  'alarm.inconsistent': 'The log differs from what the phone saw before',
  'alarm.key_changed': 'The log’s key changed without being signed over by the old one',
  'alarm.promise_broken': 'A record that was promised to be logged never was',
  'alarm.proof_wrong': 'A proof from the log does not hold',
  'alarm.by': '{who}, phone “{phone}”',
  'alarm.proof': 'What proves it',
}
export default en
