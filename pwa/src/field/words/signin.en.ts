import first from './en'
import type { signInZh } from './signin.zh'

const signIn = {
  'access.login': 'Account',
  'access.password': 'Password',
  'access.login_missing': 'Enter your account.',
  'access.password_missing': 'Enter your password.',
  'access.show': 'Show',
  'access.hide': 'Hide',
  'access.sign_in': 'Sign in',
  'access.signing_in': 'Signing in…',
  'access.later': 'Sign in later',
  'access.note': 'The first sign-in needs a network; after that you can work offline.',
  'access.note_offline': 'There is no network. The first sign-in needs one.',
  'access.other_unsent':
    'This phone still holds {n} unsent {n|item|items} of {name}, so nobody else can sign in yet. Ask {name} to sign in and send them first.',
  'install.wechat': 'Open this in your browser',
  'install.wechat_text':
    'WeChat cannot keep evidence reliably. Tap the menu at the top right and choose “Open in browser”.',
} satisfies Record<keyof typeof signInZh, string>

export default { ...first, ...signIn }
