import { expect, it } from 'vitest'
import { noticeIn } from './notice'

it('takes ranges as pairs, as objects and as single days', () => {
  const json = JSON.stringify({
    year: 2027,
    source: '通知',
    off: [
      ['2027-01-01', '2027-01-03'],
      { from: '2027-05-01', to: '2027-05-05', name: '劳动节' },
      '2027-09-15',
    ],
    work: ['2027-02-14'],
  })
  expect(noticeIn(json)).toEqual({
    year: 2027,
    region: '',
    source: '通知',
    off: [
      { from: '2027-01-01', to: '2027-01-03', name: '' },
      { from: '2027-05-01', to: '2027-05-05', name: '劳动节' },
      { from: '2027-09-15', to: '2027-09-15', name: '' },
    ],
    work: ['2027-02-14'],
  })
})

it.each(['', '[]', '{"year": 2027}', '{"year": "2027", "off": []}', '{"year": 2027, "off": [7]}'])(
  'takes no %s for a notice',
  (json) => {
    expect(noticeIn(json)).toBeNull()
  },
)
