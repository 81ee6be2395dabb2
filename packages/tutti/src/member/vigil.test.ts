import { expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { Vigil } from './vigil.ts'

function watching(looks = Infinity) {
  const clock = new ManualClock()
  const lookedAt: number[] = []
  const vigil = new Vigil(clock, () => lookedAt.push(clock.mono()) < looks)
  return { clock, vigil, lookedAt }
}

test('looks as long as something waits, and begins anew for what waits later', () => {
  const { clock, vigil, lookedAt } = watching(2)
  vigil.begin()
  vigil.begin()
  clock.pass(5000)
  expect(lookedAt).toEqual([500, 1000])
  vigil.begin()
  vigil.close()
  clock.pass(5000)
  expect(lookedAt).toHaveLength(2)
})

test('a tab whose timers are up to a second late is awake', () => {
  const { clock, vigil, lookedAt } = watching()
  vigil.begin()
  for (let i = 0; i < 5; i++) clock.stop(1500)
  expect([lookedAt.length, vigil.awakeSince()]).toEqual([5, Number.NEGATIVE_INFINITY])
})

test('one that slept longer is awake since it says so, whether by its timer or by another event', () => {
  const { clock, vigil } = watching()
  vigil.begin()
  clock.pass(2000)
  clock.stop(1501)
  expect(vigil.awakeSince()).toBe(3501)
  let woken = 0
  clock.after(0, () => {
    woken = vigil.awakeSince()
  })
  clock.stop(2000)
  expect(woken).toBe(5501)
})

test('what nobody waited for tells nothing', () => {
  const { clock, vigil } = watching(1)
  vigil.begin()
  clock.pass(60_000)
  vigil.begin()
  expect(vigil.awakeSince()).toBe(Number.NEGATIVE_INFINITY)
})
