import { describe, expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import { Standby } from './standby.ts'

/** Members that enter one after the other; what each was told. */
async function standbys(...names: readonly string[]) {
  const world = createSimulation({ seed: 3 })
  const told: string[] = []
  const members = new Map<string, Standby>()
  for (const name of names) {
    const { locks, clock } = world.tab(name).context('member').platform
    const standby = new Standby({
      locks,
      clock,
      lock: 'standby',
      onFirst: () => void told.push(`${name} ready`),
      onOver: () => void told.push(`${name} over`),
    })
    members.set(name, standby)
    standby.enter()
    standby.enter()
    await world.runFor(50)
  }
  return {
    world,
    of: (name: string) => members.get(name) as Standby,
    first: () => names.filter((name) => members.get(name)?.first),
    /** What was told since the last call. */
    told: () => told.splice(0),
  }
}

describe('the member that stands by', () => {
  test('is the one that came first, and then the next one', async () => {
    const { world, of, first, told } = await standbys('A', 'B', 'C')
    expect([told(), first()]).toEqual([['A ready'], ['A']])
    of('A').withdraw()
    await world.runFor(50)
    expect([told(), first()]).toEqual([['A over', 'B ready'], ['B']])
    of('A').enter()
    world.tab('B').kill()
    await world.runFor(300)
    expect([told(), of('C').first]).toEqual([['C ready'], true])
  })

  test('lets the others go first, and keeps what it has for a moment', async () => {
    const { world, of, told } = await standbys('A', 'B')
    told()
    of('A').goToTheEnd()
    await world.runFor(500)
    expect(told()).toEqual(['B ready'])
    await world.runFor(1000)
    expect(told()).toEqual(['A over'])
    of('B').withdraw()
    await world.runFor(50)
    expect(told()).toEqual(['B over', 'A ready'])
  })

  test('that is alone stays it at the end', async () => {
    const { world, of, first, told } = await standbys('A')
    told()
    of('A').goToTheEnd()
    of('A').goToTheEnd()
    await world.runFor(2000)
    expect([new Set(told()), first()]).toEqual([new Set(['A ready']), ['A']])
  })

  test('that leaves the queue is told so once, and one that waited is not', async () => {
    const { world, of, told } = await standbys('A', 'B')
    told()
    of('B').withdraw()
    of('A').goToTheEnd()
    of('A').withdraw()
    of('A').withdraw()
    await world.runFor(2000)
    expect(told()).toEqual(['A over'])
    of('B').goToTheEnd()
    await world.runFor(50)
    expect(told()).toEqual([])
  })

  test('that is robbed is none any more', async () => {
    const { world, told } = await standbys('A')
    told()
    await world.settle(world.tab('B').context('member').platform.locks.request('standby', { steal: true }))
    await world.runFor(50)
    expect(told()).toEqual(['A over'])
  })
})
