import { expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { Signs } from './signs.ts'

function showing() {
  const clock = new ManualClock()
  const told: string[] = []
  return { clock, told, signs: new Signs(clock, (sign) => void told.push(sign)) }
}

test('R23 work is shown before it begins, and again as long as it goes on', () => {
  const { clock, told, signs } = showing()
  for (let i = 0; i < 20; i++) {
    signs.working()
    clock.pass(100)
    signs.idle()
  }
  expect(told).toEqual(Array.from({ length: 4 }, () => 'working'))
})

test('R23 rest is shown when it lasts, and work that begins then at once', () => {
  const { clock, told, signs } = showing()
  signs.working()
  signs.idle()
  clock.pass(499)
  expect(told).toEqual(['working'])
  clock.pass(1)
  expect(told).toEqual(['working', 'idle'])
  signs.working()
  expect(told.at(-1)).toBe('working')
  signs.idle()
  signs.close()
  clock.pass(1000)
  expect(told).toHaveLength(3)
})
