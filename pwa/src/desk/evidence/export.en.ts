import type { zh } from './export.zh'

const en: Record<keyof typeof zh, string> = {
  act: 'Export bundle',
  slip: 'On-site slip',
  'slip.title': 'Slip on evidence taken on site',
  'slip.hint':
    'Print it on A5 and leave it with the inspected unit. By it, anybody can see later whether evidence was added, removed or changed.',
  'report.title': 'List of electronic data and report on their environment',
  'report.hint': 'The bundle holds the same page for the court and the other party.',
  'page.print': 'Print',
  'page.open': 'Open on its own',

  'what.capture':
    'Holds this capture’s original and all proofs, and the signed records of the same chain; other photos are left out and listed by digest.',
  'what.visit': 'Holds all captures of this visit with their signed records and proofs.',
  'what.case':
    'Holds what this case cites, with proofs and the list of citations; other photos of the same chains are left out and listed by digest.',
  purpose: 'Purpose',
  'purpose.hint':
    'For whom and why, e.g. called for by the county court, case 12 of 2026. It is recorded for ever and written into the bundle.',
  personal: 'Include personal parts',
  'personal.hint':
    'Positions, notes and the watermarked copies. Usually left out; what is left out is listed piece by piece and can be supplied later.',
  make: 'Make bundle',
  making: 'Checking and logging',
  waiting: 'On its way into the public log, {n} {n|entry|entries} to go; usually a few seconds.',
  slow: 'The public log is not done yet. Fetch the bundle later; it is on record and good for a day.',
  again: 'Look again',
  ready: 'The bundle is ready',
  'ready.count': '{n} signed {n|record|records}',
  'ready.absent': '{n} {n|original has|originals have} not arrived; the bundle says so',
  'ready.withheld': '{n} personal {n|part|parts} left out and listed',
  'stamped.done': 'Outside time stamps cover all of it',
  'stamped.waiting':
    'No outside time stamp covers the last entries yet; a download within a day will have it',
  'stamped.none': 'No time-stamp authority is set up; the bundle holds no outside proof of time',
  'witnessed.done': 'Outside witnesses have signed',
  'witnessed.waiting':
    'Outside witnesses have not signed yet; a download within a day will have their signatures',
  'witnessed.none': 'No outside witness is set up',
  early:
    'Too few witnesses have signed yet ({signed} of {needed}): whoever asks for them would refuse the bundle now. They sign hourly; fetched again within a day it is the same with their signatures.',
  'early.look': 'Look for signatures',
  'early.download': 'Download early',
  download: 'Download bundle',
  report: 'Read the report',
  verify:
    'The recipient can check it without a network and without trusting us: with a copy of verify.py or verify.html of their own, whose digest they have compared, never with the one enclosed. The trust policy trust.json should come from a notary or witness.',
  again_hint: 'Each download is recorded.',
}
export default en
