import { expect, test } from 'vitest'
import { createPrng, createSimulation, type SimulatedTab } from '../../src/platform/simulated.ts'
import { causeFaults, drawFaults, FAULT_KINDS } from './chaos.ts'

const OPTIONS = { tabs: ['A', 'B', 'C'], every: [5, 50], until: 5000, pause: [10, 100] } as const

test('chaos causes every kind of fault, undoes those that pass, and ends when it is told to', async () => {
  const world = createSimulation({ seed: 1 })
  const open = (name: string) => {
    world.tab(name).context('member')
    world.tab(name).context('primary')
  }
  for (const name of OPTIONS.tabs) open(name)
  const faults = drawFaults(createPrng(1), { ...OPTIONS, kinds: FAULT_KINDS })
  const dead: SimulatedTab[] = []
  const told: string[] = []
  causeFaults(world, faults, {
    killed: (tab) => {
      dead.push(tab)
      open(tab.name)
    },
    tell: (_, state) => told.push(state),
  })
  await world.runFor(5500)

  const happened = world.trace.entries.filter(({ context }) => context === 'browser').map(({ what }) => what)
  for (const { kind, tab } of faults) expect(happened).toContain(`${kind} ${tab}`)
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
  expect(dead).toHaveLength(faults.filter(({ kind }) => kind === 'kill').length)
  expect(new Set(told)).toEqual(new Set(['suspended', 'resumed', 'hidden', 'visible']))
  for (const tab of world.tabs) for (const context of tab.contexts) expect(context.life).toBe('running')
  expect(Math.max(...faults.map(({ at }) => at))).toBeLessThan(OPTIONS.until)
})

test('of the kinds that a seed leaves out none happens', () => {
  const kinds = new Set(drawFaults(createPrng(1), { ...OPTIONS, kinds: ['kill', 'slow'] }).map((f) => f.kind))
  expect(kinds).toEqual(new Set(['kill', 'slow']))
  expect(drawFaults(createPrng(1), { ...OPTIONS, kinds: [] })).toEqual([])
})
