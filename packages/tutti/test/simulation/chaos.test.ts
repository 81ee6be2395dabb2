import { expect, test } from 'vitest'
import { createSimulation, type SimulatedTab } from '../../src/platform/simulated.ts'
import { startChaos } from './chaos.ts'

test('chaos causes every kind of fault, undoes those that pass, and ends when it is told to', async () => {
  const world = createSimulation({ seed: 1 })
  const open = (name: string) => {
    world.tab(name).context('member')
    world.tab(name).context('primary')
  }
  for (const name of ['A', 'B', 'C']) open(name)
  const dead: SimulatedTab[] = []
  const stop = startChaos(world, {
    every: [5, 50],
    tabs: () => world.tabs,
    pause: [10, 100],
    fragile: 'primary',
    killed: (tab) => {
      dead.push(tab)
      open(tab.name)
    },
  })
  await world.runFor(5000)
  stop()
  await world.runFor(500)

  const faults = world.trace.entries
    .filter(({ context }) => context === 'chaos')
    .map(({ what }) => what.slice(0, -2))
  expect([...new Set(faults)].sort()).toEqual([
    'cache',
    'cache without locks',
    'clock jump',
    'freeze',
    'hide',
    'kill',
    'kill primary',
    'slow',
  ])
  expect(dead).toHaveLength(faults.filter((fault) => fault === 'kill').length)
  for (const tab of world.tabs) for (const context of tab.contexts) expect(context.life).toBe('running')
  const before = faults.length
  await world.runFor(1000)
  expect(world.trace.entries.filter(({ context }) => context === 'chaos')).toHaveLength(before)
})
