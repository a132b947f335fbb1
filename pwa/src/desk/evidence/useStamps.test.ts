import { Refused } from '@shared/kit/api'
import { locale } from '@shared/kit/i18n'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import { type Stamp, stampsText, stampText } from './stamps'

const asked = vi.hoisted(() => vi.fn())
vi.mock('../access/session', () => ({ ask: asked }))

import { type TakenUp, useStamps } from './useStamps'

const stamp = (state: Stamp['state'], capture_id = 'a'): Stamp => ({
  capture_id,
  state,
  at: state === 'stamped' ? '2026-05-25T13:04:05Z' : null,
})
const opening = (state: Stamp['state'], id = 'a', recorded = true) => ({ recorded, stamp: stamp(state, id) })
const paths = () => asked.mock.calls.map(([path]) => path as string)

describe('useStamps', () => {
  let scope: ReturnType<typeof effectScope>
  beforeEach(() => {
    vi.useFakeTimers()
    asked.mockReset()
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })
  const started = (ids: TakenUp[]) => {
    const wanted = shallowRef(ids)
    const looked = scope.run(() => useStamps(() => wanted.value))
    if (!looked) throw new Error('no scope')
    return { wanted, looked }
  }

  it('takes up what lies open once, and looks until it is stamped', async () => {
    asked
      .mockResolvedValueOnce(opening('asked'))
      .mockResolvedValueOnce({ stamps: [stamp('asked')] })
      .mockResolvedValueOnce({ stamps: [stamp('stamped')] })
    const { looked } = started([{ id: 'a', way: 'opened' }])
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveBeenCalledWith('/api/evidence/a/openings', { json: { way: 'opened' } })
    expect(looked.value.get('a')).toEqual({ stamp: stamp('asked'), news: 1 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(looked.value.get('a')).toEqual({ stamp: stamp('stamped'), news: 2 })
    expect(paths()).toEqual([
      '/api/evidence/a/openings',
      '/api/evidence/stamps?capture_id=a',
      '/api/evidence/stamps?capture_id=a',
    ])
  })

  it('asks seldom while nobody outside answers, and not at all where nobody is known', async () => {
    asked.mockResolvedValueOnce(opening('away')).mockResolvedValue({ stamps: [stamp('away')] })
    const { wanted, looked } = started([{ id: 'a', way: 'opened' }])
    await vi.advanceTimersByTimeAsync(61_000)
    expect(asked).toHaveBeenCalledTimes(5)
    asked.mockReset().mockResolvedValue(opening('none', 'b'))
    wanted.value = [{ id: 'b', way: 'picked' }]
    await vi.advanceTimersByTimeAsync(61_000)
    expect(paths()).toEqual(['/api/evidence/b/openings'])
    expect(looked.value.get('b')?.stamp?.state).toBe('none')
  })

  it('says nothing of what was refused, and goes on after the network was gone', async () => {
    asked
      .mockRejectedValueOnce(new Refused({ status: 404, code: 'not_found' } as never, new Headers()))
      .mockRejectedValueOnce(new Error('unreachable'))
      .mockResolvedValueOnce(opening('stamped', 'b', false))
    const { wanted, looked } = started([{ id: 'a', way: 'opened' }])
    await vi.advanceTimersByTimeAsync(0)
    expect(looked.value.get('a')).toEqual({ stamp: null, news: 0 })
    wanted.value = [
      { id: 'a', way: 'opened' },
      { id: 'b', way: 'picked' },
    ]
    await vi.advanceTimersByTimeAsync(31_000)
    expect(looked.value.get('b')).toEqual({ stamp: stamp('stamped', 'b'), news: 0 })
    expect(asked).toHaveBeenCalledTimes(3)
  })
})

describe('the line', () => {
  beforeEach(() => {
    locale.value = 'zh'
    vi.useFakeTimers({ now: new Date('2026-05-25T14:00:00Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('names the time, the day only if it is another', () => {
    expect(stampText(stamp('stamped'))).toBe('时间戳 21:04')
    expect(stampText({ state: 'stamped', at: '2026-05-20T13:04:05Z' })).toBe(
      '时间戳 2026年5月20日(周三)21:04',
    )
    expect(stampText(stamp('asked'))).toBe('正在请求时间戳')
    expect(stampText(stamp('away'))).toBe('时间戳机构暂不可用，可以先审核')
    expect(stampText(stamp('none'))).toBe('')
  })

  it('says of several what is still open', () => {
    expect(stampsText([])).toBe('')
    expect(stampsText([stamp('none'), stamp('none')])).toBe('')
    expect(stampsText([stamp('stamped'), stamp('asked'), stamp('asked')])).toBe('2 件正在请求时间戳')
    expect(stampsText([stamp('asked'), stamp('away')])).toBe('时间戳机构暂不可用，可以先审核')
    expect(stampsText([stamp('stamped'), stamp('stamped')])).toBe('均已盖时间戳')
  })
})
