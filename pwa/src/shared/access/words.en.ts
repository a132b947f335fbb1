import type { zh } from './words.zh'

export default {
  'account.title': 'Password and sign-ins',
  'account.password': 'Change password',
  'account.password_hint': 'At least {n} characters. Your sign-ins on other devices end with it.',
  'account.old': 'Present password',
  'account.new': 'New password',
  'account.again': 'New password again',
  'account.change': 'Change password',
  'account.changed': 'Your password is changed, and your sign-ins elsewhere have ended.',
  'account.missing': 'Enter your present password.',
  'account.wrong_old': 'The present password is not right; nothing was changed.',
  'account.differs': 'The two new passwords differ.',
  'account.unfit.short': 'The new password needs at least {n} characters.',
  'account.unfit.same': 'The new password must differ from the present one.',
  'account.others': 'Sign-ins on other devices',
  'account.others_hint':
    'For a lost phone, or where you forgot to sign out. You stay signed in here; what other devices have yet to send is not deleted.',
  'account.end_others': 'End all other sign-ins',
  'account.ended': 'Ended {n} other {n|sign-in|sign-ins}.',
  'account.ended_none': 'There were no others.',
  'first.text':
    'Somebody else set this first password. Choose one that only you know, of at least {n} characters; you sign in with it from now on.',
} satisfies Record<keyof typeof zh, string>
