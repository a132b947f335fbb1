/** What the phone says of the log is what the log can do: whoever changes it is found out; nothing hinders him. */
import { expect, it } from 'vitest'
import { proofsEn } from './proofs.en'
import { proofsZh } from './proofs.zh'

it('promises that changes show, not that nobody can make them', () => {
  for (const key of ['proof.logged_text', 'log.what'] as const) {
    expect(proofsZh[key], key).not.toMatch(/抹不掉|改不了|不能改/)
    expect(proofsEn[key], key).not.toMatch(/nobody can|can only/)
  }
  expect(proofsZh['proof.logged_text']).toContain('都会被发现')
  expect(proofsEn['proof.logged_text']).toContain('found out')
})
