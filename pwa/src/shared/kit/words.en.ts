import type { zh } from './words.zh'

export default {
  'atom.close': 'Close',
  'atom.loading': 'Loading',
  'atom.optional': 'optional',

  'problem.wrong_credentials': 'That account and password do not match. Check them and try again.',
  'problem.too_many_attempts': 'Too many attempts. Wait a little and try again.',
  'problem.not_signed_in': 'Your sign-in has expired. Sign in again; nothing on this device is affected.',
  'problem.csrf_failed': 'Your sign-in was renewed elsewhere. Sign in again and retry.',
  'problem.not_found': 'Not found, or not open to you.',
  'problem.not_permitted': 'Your roles do not include this act.',
  'problem.id_reused':
    'This number already belongs to other content, so the server refused it. Ask your administrator.',
  'problem.chain_gap': 'The record before this one has not arrived yet. Both will be sent again in order.',
  'problem.signature_invalid':
    'The signature did not verify, so the server refused it. The original is still here; ask your administrator.',
  'problem.bad_statement':
    'The server cannot read this signed record and did not take it. The original is still on this device; update the app and retry, or ask your administrator.',
  'problem.device_revoked': 'This device has been revoked. Nothing on it is deleted; ask your administrator.',
  'problem.device_unknown': 'The server does not know this device. Sign in again to enrol it.',
  'problem.wrong_state':
    'The state has just changed, so this step is not possible now. Look at the latest state.',
  'problem.already_received': 'The server already has this file.',
  'problem.digest_not_in_statement':
    'The file does not match its signed record, so the server refused it. The original is still here.',
  'problem.digest_mismatch':
    'What arrived does not match the signed record. It was discarded and will be sent again.',
  'problem.too_large': 'The file is larger than the server allows.',
  'problem.media_type_refused': 'The server does not take this kind of file.',
  'problem.upload_expired': 'The upload expired and will start again.',
  'problem.upload_busy': 'Another window is uploading this file. It will continue shortly.',
  'problem.checksum_mismatch': 'A part was damaged on the way and will be sent again.',
  'problem.status_4': 'The server refused the request ({status}).',
  'problem.status_5': 'The server has a problem ({status}). Try again shortly.',
  'problem.offline': 'The server cannot be reached. Check the network and try again.',
  'problem.timeout': 'The server did not answer in time. Try again shortly.',
  'problem.unknown': 'Something unexpected went wrong: {detail}',
} satisfies Record<keyof typeof zh, string>
