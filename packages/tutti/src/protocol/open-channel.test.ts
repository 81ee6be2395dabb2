import { expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import { openChannel } from './open-channel.ts'
import { count } from './schema.ts'

test('R4 what its schema refuses does not pass, alone or among others in one post', async () => {
  const world = createSimulation({ seed: 1 })
  const told: unknown[] = []
  openChannel(world.tab('A').context('page').platform.channels, {
    name: 'numbers',
    schema: count,
    hear: (value) => void told.push(value),
    heard: () => void told.push('heard'),
    onUnreadable: (value) => void told.push([value]),
  })
  const sender = world.tab('B').context('page').platform.channels.open<unknown>('numbers')
  for (const post of [1, 'two', [3, 'four', 5], []]) sender.post(post)
  await world.runFor(100)
  expect(told).toEqual([1, 'heard', ['two'], 'heard', 3, ['four'], 5, 'heard', [[]], 'heard'])
})

test('R4 a list does not pass where none is expected', async () => {
  const world = createSimulation({ seed: 1 })
  const told: unknown[] = []
  openChannel(world.tab('A').context('page').platform.channels, {
    name: 'numbers',
    schema: count,
    hear: (value) => void told.push(value),
    onUnreadable: (value) => void told.push([value]),
  })
  const sender = world.tab('B').context('page').platform.channels.open<unknown>('numbers')
  for (const post of [1, [2]]) sender.post(post)
  await world.runFor(100)
  expect(told).toEqual([1, [[2]]])
})
