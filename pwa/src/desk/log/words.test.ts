import { expect, it } from 'vitest'
import en from './words.en'
import { zh } from './words.zh'

/** As `server/tlog/anchors/stamping.py` and `server/tlog/witnesses` spell them. */
const CODES =
  'out_of_reach refused malformed nonce imprint untrusted certificate clock key_unknown log_unknown fork ahead'
/** As `server/evidence/alarms.py` spells them. */
const ALARMS =
  'inconsistent key_changed promise_broken proof_wrong chain_fork original_differs split_view log_broken log_stuck act_missing'

it('has words for whatever can fail outside, and for each alarm what to do', () => {
  const keys = [
    ...CODES.split(' ').map((code) => `failure.${code}`),
    ...ALARMS.split(' ').flatMap((kind) => [`alarm.${kind}`, `alarm.${kind}_do`]),
  ]
  for (const words of [zh, en] as Record<string, string>[])
    for (const key of keys) expect(words[key], key).toBeTruthy()
})
