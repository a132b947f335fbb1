import { expect, it } from 'vitest'
import { spansOf } from './spans'

const off = (day: string) => ({ day, worked_before: true, worked_after: false })
const work = (day: string) => ({ day, worked_before: false, worked_after: true })

it('joins days that follow each other and change in the same way', () => {
  const days = [
    off('2027-02-26'),
    off('2027-02-27'),
    off('2027-02-28'),
    off('2027-03-01'),
    work('2027-03-02'),
  ]
  expect(spansOf([...days, off('2027-03-05')])).toEqual([
    { first: '2027-02-26', last: '2027-03-01', worked: false },
    { first: '2027-03-02', last: '2027-03-02', worked: true },
    { first: '2027-03-05', last: '2027-03-05', worked: false },
  ])
})
