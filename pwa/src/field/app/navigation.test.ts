import { describe, expect, it } from 'vitest'
import { match } from './navigation'

describe('match', () => {
  it('takes the id out of a path', () => {
    expect(match('/visits/:id/capture', '/visits/0197/capture')).toEqual({ id: '0197' })
  })
  it('wants every part and no more', () => {
    expect(match('/visits/:id', '/visits/0197/capture')).toBeNull()
    expect(match('/visits/:id', '/visits/')).toBeNull()
    expect(match('/', '/')).toEqual({})
  })
})
