import { expect, it } from 'vitest'
import { longDate, relativeDay, shortInterval } from './dates.ts'

const now = new Date(2026, 4, 10, 23, 30)
const at = (...date: [number, number, number, number?]): string => new Date(...date).toISOString()

it('counts days by the calendar and not by 24 hours', () => {
  expect(relativeDay(at(2026, 4, 11, 0), now)).toBe('tomorrow')
  expect(relativeDay(at(2026, 4, 10, 0), now)).toBe('today')
  expect(relativeDay(at(2026, 4, 4, 12), now)).toBe('6 days ago')
  expect(relativeDay(at(2026, 2, 10, 12), now)).toBe('2 months ago')
  expect(relativeDay(at(2028, 4, 10, 12), now)).toBe('in 2 years')
})

it('names the day of a window and shortens an interval', () => {
  expect(longDate(at(2026, 5, 12, 0), at(2026, 5, 13, 0))).toBe('Friday 12 June')
  expect([1, 59, 90, 730].map(shortInterval)).toEqual(['1 d', '59 d', '3 mo', '2.0 y'])
})
