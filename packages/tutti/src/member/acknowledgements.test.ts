import { expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { Acknowledgements } from './acknowledgements.ts'

function acknowledging({ replicasAreTheStorage = false } = {}) {
  const clock = new ManualClock()
  const posted: [number, boolean][] = []
  const acknowledgements = new Acknowledgements({
    clock,
    replicasAreTheStorage: () => replicasAreTheStorage,
    post: ({ version, complete }) => posted.push([version, complete]),
  })
  const owe = (version: number, complete = true, bytes = 8192) =>
    acknowledgements.owe({ epoch: 1, version, complete }, bytes)
  return { clock, posted, acknowledgements, owe }
}

test('R9 under a lease several versions of one kind are acknowledged at once, by the last of them', () => {
  const { posted, acknowledgements, owe } = acknowledging()
  acknowledgements.hurry()
  acknowledgements.settle()
  for (const version of [3, 4, 5]) owe(version)
  expect(posted).toEqual([])
  acknowledgements.settle()
  acknowledgements.settle()
  expect(posted).toEqual([[5, true]])
})

test('R9 R24 one whose pages are still to come is told before they are asked for, and hides none that has them', () => {
  const { posted, owe } = acknowledging()
  owe(3)
  owe(4, false)
  expect(posted).toEqual([
    [3, true],
    [4, false],
  ])
})

test('R9 without a lease they are told of once in a while', () => {
  const { clock, posted, acknowledgements, owe } = acknowledging()
  for (let version = 1; version <= 20; version++) {
    owe(version)
    acknowledgements.settle()
    clock.pass(10)
  }
  expect(posted).toEqual([
    [10, true],
    [20, true],
  ])
})

test('R9 what is owed is paid before a lease is asked for, and promptly until the last one has ended', () => {
  const { clock, posted, acknowledgements, owe } = acknowledging()
  owe(3)
  acknowledgements.settle()
  acknowledgements.hurry()
  expect(posted).toEqual([[3, true]])
  clock.pass(549)
  owe(4)
  acknowledgements.settle()
  expect(posted.at(-1)).toEqual([4, true])
  clock.pass(1)
  owe(5)
  acknowledgements.settle()
  expect(posted.at(-1)).toEqual([4, true])
})

test('R24 what is under way to a member is not more for its being slow to say so', () => {
  const { posted, acknowledgements, owe } = acknowledging()
  for (const version of [1, 2, 3]) {
    owe(version, true, 400 * 1024)
    acknowledgements.settle()
  }
  expect(posted).toEqual([[3, true]])
})

test('R28 on memory storage each is told at once', () => {
  const { posted, acknowledgements, owe } = acknowledging({ replicasAreTheStorage: true })
  owe(1)
  acknowledgements.settle()
  expect(posted).toEqual([[1, true]])
})

test('R1 R17 what was received and dropped is not acknowledged', () => {
  const { clock, posted, acknowledgements, owe } = acknowledging()
  owe(1)
  acknowledgements.settle()
  acknowledgements.forget()
  acknowledgements.hurry()
  clock.pass(1000)
  expect(posted).toEqual([])
})
