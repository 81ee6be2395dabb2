import { expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import { askAfterLife, watchLife } from './life.ts'

const watched = () => {
  const world = createSimulation({ seed: 1 })
  const locksOf = (tab: string) => world.tab(tab).context('member').platform.locks
  const deaths: string[] = []
  const watch = (tab: string) => watchLife(locksOf(tab), 'life', () => deaths.push(tab))
  return { world, locksOf, deaths, watch }
}

test('R6 a death is told to all who watch, also behind one that is frozen; nobody is taken for dead who is silent', async () => {
  const { world, locksOf, deaths, watch } = watched()
  await world.settle(locksOf('A').request('life'))
  for (const tab of ['B', 'C', 'D']) {
    watch(tab)
    await world.runFor(50)
  }
  world.tab('A').freeze()
  await world.runFor(60_000)
  expect(deaths).toEqual([])
  world.tab('B').freeze()
  world.tab('A').kill()
  await world.runFor(1000)
  expect(deaths.toSorted()).toEqual(['C', 'D'])
  world.tab('B').resume()
  await world.runFor(1000)
  expect(deaths.toSorted()).toEqual(['B', 'C', 'D'])
})

test('a watch that was stopped tells nothing, and leaves nothing behind', async () => {
  const { world, locksOf, deaths, watch } = watched()
  const life = await world.settle(locksOf('A').request('life'))
  const stop = watch('B')
  await world.runFor(50)
  stop()
  life.release()
  await world.runFor(1000)
  expect(deaths).toEqual([])
  await world.settle(locksOf('C').request('life'), 1000)
})

test("a worker of one's own tab is asked after, and its lock is not waited for", async () => {
  const { world, locksOf, deaths } = watched()
  const { clock, locks } = world.tab('A').context('member').platform
  const life = await world.settle(world.tab('A').context('primary').platform.locks.request('life'))
  askAfterLife(clock, locks, 'life', () => deaths.push('A'))
  const stop = askAfterLife(clock, locks, 'life', () => deaths.push('stopped'))
  await world.runFor(5000)
  expect(deaths).toEqual([])
  life.release()
  stop()
  // Nobody waits in front.
  const next = await world.settle(locksOf('B').tryRequest('life'))
  expect(next).toBeDefined()
  next?.release()
  await world.runFor(1100)
  expect(deaths).toEqual(['A'])
})
