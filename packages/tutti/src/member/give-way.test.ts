import { beforeEach, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { GiveWay } from './give-way.ts'

let clock: ManualClock
let othersVisible: boolean
let primary: boolean
let done: string[]

function make(mobile: boolean): GiveWay {
  return new GiveWay({
    clock,
    mobile,
    othersVisible: () => othersVisible,
    goToTheEnd: () => void done.push('end'),
    handOver: () => {
      if (primary) done.push('hand-over')
      return primary
    },
  })
}

beforeEach(() => {
  clock = new ManualClock()
  othersVisible = true
  primary = true
  done = []
})

test('R6 R7 a hidden tab goes to the end at once, and hands over after 30 s', () => {
  make(false).hide()
  clock.pass(29_999)
  expect(done).toEqual(['end'])
  clock.pass(1)
  expect(done).toEqual(['end', 'hand-over'])
})

test('R7 a tab that is shown again in time keeps the primary', () => {
  const tab = make(false)
  tab.hide()
  clock.pass(29_000)
  tab.show()
  clock.pass(60_000)
  expect(done).toEqual(['end'])
})

test('R7.1 on mobile it hands over at once', () => {
  make(true).hide()
  expect(done).toEqual(['end', 'hand-over'])
})

test.for([true, false])('R6 R7 R7.1 it waits for a visible tab, however late (mobile: %s)', (mobile) => {
  othersVisible = false
  const tab = make(mobile)
  tab.hide()
  clock.pass(100_000)
  tab.look()
  expect(done).toEqual([])
  othersVisible = true
  tab.look()
  expect(done).toEqual(['end', 'hand-over'])
})

test('R7 a tab that becomes the primary while it is hidden hands over, too', () => {
  primary = false
  const tab = make(false)
  tab.hide()
  clock.pass(40_000)
  primary = true
  tab.look()
  expect(done).toEqual(['end', 'hand-over'])
})

test('R6 R7 it gives way once while it is hidden, and again the next time', () => {
  const tab = make(true)
  tab.hide()
  tab.look()
  tab.hide()
  expect(done).toEqual(['end', 'hand-over'])
  tab.show()
  tab.look()
  tab.hide()
  expect(done).toEqual(['end', 'hand-over', 'end', 'hand-over'])
})
