import { describe, expect, test } from 'vitest'
import type { HeldLock } from '../platform.ts'
import { createSimulation, type Simulation } from '../simulated.ts'

const locksOf = (world: Simulation, tab: string) => world.tab(tab).context('member').platform.locks

describe('simulated locks', () => {
  test('are exclusive and granted in the order in which the requests arrived', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const world = createSimulation({ seed })
      let holders = 0
      const served: string[] = []
      const work = async (tab: string) => {
        const lock = await locksOf(world, tab).request('x')
        holders++
        served.push(tab)
        expect(holders).toBe(1)
        world
          .tab(tab)
          .context('member')
          .platform.clock.after(5, () => {
            holders--
            lock.release()
          })
      }
      for (const tab of ['A', 'B', 'C']) {
        void work(tab)
        await world.runFor(20)
      }
      await world.run()
      expect(served).toEqual(['A', 'B', 'C'])
      expect(world.locks.held()).toEqual([])
    }
  })

  test('of a dead context are passed on late, and its waiting requests are gone', async () => {
    const world = createSimulation({ seed: 5, lateRelease: [40, 60] })
    await world.settle(locksOf(world, 'A').request('x'))
    void locksOf(world, 'B').request('x')
    await world.runFor(50)
    const third = locksOf(world, 'C').request('x')
    await world.runFor(50)
    world.tab('B').kill()
    world.tab('A').kill()
    await world.runFor(30)
    expect(world.locks.holder('x')).toBe('A/member')
    await world.settle(third)
    expect(world.locks.holder('x')).toBe('C/member')
  })

  test('tell the robbed holder later, and one who released never', async () => {
    const world = createSimulation({ seed: 6 })
    const robbed = await world.settle(locksOf(world, 'A').request('x'))
    let lost = 0
    void robbed.lost.then(() => lost++)
    world.tab('A').freeze()
    const thief = await world.settle(locksOf(world, 'B').request('x', { steal: true }))
    await world.runFor(1000)
    expect(lost).toBe(0)
    expect(world.locks.holder('x')).toBe('B/member')
    world.tab('A').resume()
    await world.run()
    expect(lost).toBe(1)
    robbed.release()
    await world.run()
    expect(world.locks.holder('x')).toBe('B/member')

    let told = 0
    void thief.lost.then(() => told++)
    thief.release()
    await world.settle(locksOf(world, 'A').request('x', { steal: true }))
    await world.run()
    expect(told).toBe(0)
  })

  test('are not waited for after an abort, also one that crosses the grant', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const world = createSimulation({ seed })
      const holder = await world.settle(locksOf(world, 'A').request('x'))
      const controller = new AbortController()
      const waiting = locksOf(world, 'B').request('x', { signal: controller.signal })
      const ended = waiting.then(
        (lock) => lock.release(),
        (error: unknown) => error,
      )
      holder.release()
      await world.runFor(seed / 4)
      controller.abort('enough')
      const outcome = await world.settle(ended)
      expect([undefined, 'enough']).toContain(outcome)
      await world.run()
      expect(world.locks.held()).toEqual([])
    }
  })

  test('reject at once under a signal that has aborted', async () => {
    const world = createSimulation({ seed: 1 })
    const request = locksOf(world, 'A').request('x', { signal: AbortSignal.abort('no') })
    await expect(world.settle(request)).rejects.toBe('no')
    await world.run()
    expect(world.trace.entries).toEqual([])
  })

  test('tryRequest takes what is free and does not wait for what is not', async () => {
    const world = createSimulation({ seed: 7 })
    const first = await world.settle(locksOf(world, 'A').tryRequest('x'))
    expect(first).toBeDefined()
    expect(await world.settle(locksOf(world, 'B').tryRequest('x'))).toBeUndefined()
    first?.release()
    await world.run()
    expect(await world.settle(locksOf(world, 'B').tryRequest('x'))).toBeDefined()
  })

  test('that are shared wait for an exclusive holder only, not for each other', async () => {
    const world = createSimulation({ seed: 10 })
    const exclusive = await world.settle(locksOf(world, 'A').request('x'))
    const [first, second] = ['B', 'C'].map((tab) => locksOf(world, tab).request('x', { shared: true }))
    await world.runFor(100)
    world.tab('B').freeze()
    exclusive.release()
    const got = await world.settle(second as Promise<HeldLock>)
    expect(world.locks.held()).toEqual([])
    const next = locksOf(world, 'D').request('x')
    got.release()
    await world.runFor(100)
    expect(world.locks.holder('x')).toBeUndefined()
    world.tab('B').resume()
    ;(await world.settle(first as Promise<HeldLock>)).release()
    await world.settle(next)
    expect(world.locks.holder('x')).toBe('D/member')
  })

  test('held names the locks of all tabs under a prefix', async () => {
    const world = createSimulation({ seed: 8 })
    for (const [tab, name] of [
      ['A', 'db/member/1'],
      ['B', 'db/member/2'],
      ['B', 'other/member/3'],
    ] as const)
      await world.settle(locksOf(world, tab).request(name))
    expect(await world.settle(locksOf(world, 'C').held('db/member/'))).toEqual(['db/member/1', 'db/member/2'])
  })

  test('of a page in the back/forward cache stay, or fall as in WebKit and are reported on its return', async () => {
    const world = createSimulation({ seed: 9 })
    const lock: HeldLock = await world.settle(locksOf(world, 'A').request('x'))
    let lost = 0
    void lock.lost.then(() => lost++)
    world.tab('A').suspend()
    expect(world.locks.holder('x')).toBe('A/member')
    world.tab('A').resume()
    world.tab('A').suspend({ dropLocks: true })
    await world.settle(locksOf(world, 'B').request('x'))
    expect(lost).toBe(0)
    world.tab('A').resume()
    await world.run()
    expect(lost).toBe(1)
  })
})
