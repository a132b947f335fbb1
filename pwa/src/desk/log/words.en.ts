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
    'Below is what was found and what to do about each. Export no evidence until it is understood.',

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
  'attempts.detail': 'In its words',
  'failure.out_of_reach': 'It cannot be reached',
  'failure.refused': 'It refused to stamp',
  'failure.malformed': 'Its answer cannot be read',
  'failure.nonce': 'Its answer belongs to another question',
  'failure.imprint': 'It stamped something else than what we sent',
  'failure.untrusted': 'The signature is of no authority that is trusted here',
  'failure.certificate': 'The signature does not name its certificate',
  'failure.clock': 'Its clock and ours are too far apart',
  'failure.key_unknown': 'It does not know the log’s key: hand it the new one',
  'failure.log_unknown': 'It does not know this log: get in touch with it',
  'failure.fork': 'It saw another log under this name',
  'failure.ahead': 'It saw more entries than this log has published',
  'failure.other': 'It came to nothing',
  ok: 'Fine',
  renewals: '{n} {n|time stamp runs|time stamps run} out soon and {n|is|are} being renewed.',

  alarms: 'Alarms',
  'alarms.none':
    'None. Every phone checks the log each time it syncs, and originals are read again each month.',
  'alarm.inconsistent': 'The log differs from what the phone saw before',
  'alarm.key_changed': 'The log’s key changed without being signed over by the old one',
  'alarm.promise_broken': 'A record that was promised to be logged never was',
  'alarm.proof_wrong': 'A proof from the log does not hold',
  'alarm.inconsistent_do':
    'Export no evidence; run the audit (zhicha log audit) at once, and compare with a witness.',
  'alarm.key_changed_do': 'Ask whether two persons changed the key; if not, run the audit at once.',
  'alarm.promise_broken_do':
    'See whether the worker process stood still. What is missing once the log has caught up: run the audit at once.',
  'alarm.proof_wrong_do': 'Export no evidence; run the audit (zhicha log audit) at once.',
  'alarm.chain_fork': 'A phone’s chain of evidence has forked',
  'alarm.chain_fork_do':
    'The phone may have been copied. Check it in person, and ask for revocation if need be; what was refused is kept as it came.',
  'alarm.original_differs': 'An original is gone or no longer what was signed',
  'alarm.original_differs_do': 'Fetch this original from the backup, and find out why the store was changed.',
  'alarm.split_view': 'A witness saw another log',
  'alarm.split_view_do':
    'Ask the witness for the checkpoint that it keeps and compare; export no evidence until then.',
  'alarm.log_broken': 'The log is not what was signed; signing has stopped',
  'alarm.log_broken_do': 'Run the audit (zhicha log audit) at once, and find out who changed the database.',
  'alarm.log_stuck': 'Something cannot enter the log, which may stand still',
  'alarm.log_stuck_do':
    'See what the worker process says and run the audit (zhicha log audit) at once. If something waits that no act left there, find out who changed the database.',
  'alarm.act_missing': 'An act was removed before it was logged',
  'alarm.act_missing_do': 'Run the audit (zhicha log audit) at once, and find out who changed the database.',
  'alarm.by': '{who}, phone “{phone}”',
  'alarm.witness': 'Witness {name}',
  'alarm.capture': 'Look at the evidence',
  'alarm.proof': 'What proves it',
}
export default en
