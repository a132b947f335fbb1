import { expect, it } from 'vitest'
import { blankNotice, noticeIn, noticeInWords } from './notice'

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

it('offers a shape in which nothing passes for a notice before it is filled in', () => {
  const blank = noticeIn(JSON.stringify(blankNotice(2027)))
  expect(blank?.source).toBe('')
  for (const one of blank?.off ?? []) expect([Date.parse(one.from), Date.parse(one.to)]).toEqual([NaN, NaN])
})

const WORDS = `国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府：
经国务院批准，现将2026年元旦、春节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、28日（周六）上班。
三、端午节：5月31日（周日）至6月2日（周二）放假，共3天。
四、中秋节：9月25日（周五）放假1天。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2025年11月4日`

it('reads a notice in its own words', () => {
  expect(noticeInWords(WORDS, 2030)).toEqual({
    doubtful: [],
    notice: {
      year: 2026,
      region: '',
      source: '国务院办公厅关于2026年部分节假日安排的通知 国办发明电〔2025〕7号',
      off: [
        { from: '2026-01-01', to: '2026-01-03', name: '元旦' },
        { from: '2026-02-15', to: '2026-02-23', name: '春节' },
        { from: '2026-05-31', to: '2026-06-02', name: '端午节' },
        { from: '2026-09-25', to: '2026-09-25', name: '中秋节' },
      ],
      work: ['2026-01-04', '2026-02-14', '2026-02-28'],
    },
  })
})

it('says where the days read are not as many as the notice counts', () => {
  const read = noticeInWords('一、元旦:1月1日至3日放假,共4天。', 2027)
  expect(read?.doubtful).toEqual([{ name: '元旦', said: 4, found: 3 }])
  expect(read?.notice.year).toBe(2027)
})

it.each(['', '各省、自治区：经国务院批准', '{"year": 2027}'])('finds no holiday in %s', (words) => {
  expect(noticeInWords(words, 2027)).toBeNull()
})
