import { describe, expect, it } from 'vitest'
import type { CaptureRow, StatementRow } from '../db/rows'
import { lookOf, voidedOf } from './state'

const capture = (id: string, state?: string) =>
  ({
    id,
    local: null,
    server: state ? { state, originals: { total: 1, received: 1 }, review: null } : null,
  }) as CaptureRow
const discard = (about: string, remark: string | null) =>
  ({ kind: 'capture.discard', about, receipt: remark === null ? null : { remark } }) as StatementRow

describe('a void capture', () => {
  it('is void from the moment it was declared here, and when the server says so', () => {
    const captures = [capture('here'), capture('there', 'DISCARDED'), capture('valid', 'RECEIVED')]
    const voided = voidedOf(captures, [discard('here', null)])
    expect([...voided].sort()).toEqual(['here', 'there'])
    expect(captures.map((one) => lookOf(one, new Set(), voided).word)).toEqual([
      'evidence.state.void',
      'evidence.state.void',
      'evidence.state.received',
    ])
  })

  it('stays valid when a case had cited it before', () => {
    expect(voidedOf([capture('cited', 'RECEIVED')], [discard('cited', 'capture_cited')]).size).toBe(0)
  })
})
