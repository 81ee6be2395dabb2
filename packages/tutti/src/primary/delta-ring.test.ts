import { expect, test } from 'vitest'
import { DeltaRing } from './delta-ring.ts'

const MIB = 1024 * 1024

function filled(versions: readonly number[], bytes: number) {
  const ring = new DeltaRing()
  const delta = { numbers: new Uint32Array(), bytes: new Uint8Array(bytes), databaseSize: 1 }
  for (const version of versions) ring.push({ version, delta })
  return ring
}

test('gives the delta after each version that it keeps', () => {
  const ring = filled([4, 5, 6], 10)
  expect([3, 4, 5].map((after) => ring.next(after)?.version)).toEqual([4, 5, 6])
  expect([2, 6].map((after) => ring.next(after))).toEqual([undefined, undefined])
  expect([ring.covers(3, 6), ring.covers(2, 6), ring.covers(3, 7), ring.covers(9, 9)]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('forgets the oldest past 16 MiB, and everything when it is cleared', () => {
  const ring = filled([1, 2, 3, 4, 5], 4 * MIB)
  expect([ring.covers(0, 5), ring.covers(1, 5)]).toEqual([false, true])
  ring.clear()
  expect([ring.covers(4, 5), ring.next(4)]).toEqual([false, undefined])
})
