import { expect, it } from 'vitest'
import { confirmations } from './signed'

it('tells who signed, who refused and why, and which passkey does not hold', () => {
  const at = '2026-05-25T02:00:00Z'
  const lines = confirmations({
    passkeys: [
      { beside: 'session', holds: true, problem: '' },
      { beside: 'seal', holds: false, problem: 'wrong_challenge' },
    ],
    cosignatures: [
      { id: 'o', party: 'officer', outcome: 'signed', name: '何静', post: '四级调研员', reason: null, at },
      { id: 'u', party: 'unit', outcome: 'refused', name: null, post: null, reason: '对数量有异议', at },
    ],
  })
  expect(lines.map(({ tone, text, who, reason }) => [tone, text, who, reason])).toEqual([
    ['good', '开始取证时经本人通行密钥确认', '', ''],
    ['warn', '封存时的通行密钥确认不成立：确认的是另一份记录', '', ''],
    ['good', '同行督查员签认封存', '何静 · 四级调研员', ''],
    ['warn', '被督查单位拒签', '', '对数量有异议'],
  ])
})
