import { describe, expect, test } from 'vitest'
import type { Channel } from '../platform.ts'
import { createPortPair, createSimulation, type Simulation, SimulationError } from '../simulated.ts'

/** Three tabs that talk, wait for one lock and set timers, while the driver kills and freezes. */
async function busyWorld(seed: number): Promise<Simulation> {
  const world = createSimulation({ seed })
  for (const name of ['A', 'B', 'C']) {
    const context = world.tab(name).context('member')
    context.run('start', () => {
      const { locks, channels, clock, random } = context.platform
      const channel: Channel<{ type: string; id: string; at: number }> = channels.open('all', (message) => {
        if (message.type === 'ping') channel.post({ type: 'pong', id: random.id(), at: clock.mono() })
      })
      const beat = () => {
        channel.post({ type: 'ping', id: random.id(), at: clock.wall() })
        clock.after(20 * random.number(), beat)
      }
      beat()
      const serve = async () => {
        const lock = await locks.request('primary')
        channel.post({ type: 'mine', id: random.id(), at: clock.mono() })
        clock.after(50, () => {
          lock.release()
          void serve()
        })
      }
      void serve()
    })
  }
  await world.runFor(200)
  world.tab('B').freeze()
  await world.runFor(100)
  world.tab('A').kill()
  world.tab('B').resume()
  world.jumpWallClock(-3_600_000)
  await world.runFor(200)
  return world
}

describe('a simulation', () => {
  test('does the same thing for the same seed, and another for another', async () => {
    const first = await busyWorld(7)
    const second = await busyWorld(7)
    const other = await busyWorld(8)
    expect(first.trace.entries.length).toBeGreaterThan(100)
    expect(second.trace.hash).toBe(first.trace.hash)
    expect(second.trace.print()).toBe(first.trace.print())
    expect(other.trace.hash).not.toBe(first.trace.hash)
  })

  test('runs promise chains of any length to their end within one step', async () => {
    const world = createSimulation({ seed: 1 })
    let links = 0
    world
      .tab('A')
      .context('member')
      .run('chain', () => {
        void (async () => {
          for (; links < 1000; links++) await Promise.resolve()
        })()
      })
    expect(await world.step()).toBe(true)
    expect(links).toBe(1000)
    expect(await world.step()).toBe(false)
  })

  test('fails a run on an exception and on a rejection that nobody handled, naming seed and context', async () => {
    const throwing = createSimulation({ seed: 42 })
    throwing
      .tab('A')
      .context('member')
      .run('boom', () => {
        throw new Error('thrown')
      })
    await expect(throwing.run()).rejects.toThrow(/^seed 42: uncaught in A\/member: Error: thrown\n/)

    const rejecting = createSimulation({ seed: 43 })
    const context = rejecting.tab('B').context('primary')
    context.run('boom', () => {
      void Promise.reject(new Error('rejected'))
    })
    await expect(rejecting.run()).rejects.toThrow(/^seed 43: uncaught in B\/primary: Error: rejected\n/)
    expect(rejecting.errors).toMatchObject([{ context: 'B/primary' }])
  })

  test('says so when nothing is left to happen, or time is up, before what is awaited', async () => {
    const world = createSimulation({ seed: 1 })
    const waiting = world.settle(new Promise(() => {}))
    await expect(waiting).rejects.toThrow(SimulationError)
    await expect(waiting).rejects.toThrow(/nothing is left to happen/)

    const { clock } = world.tab('A').context('member').platform
    const tick = () => void clock.after(10, tick)
    tick()
    await expect(world.run({ until: () => false, maxTime: 100 })).rejects.toThrow(/time is up/)
    expect(world.now).toBeLessThanOrEqual(110)
  })
})

describe('clocks', () => {
  test('mono has another origin in each context, wall is shared and jumps', async () => {
    const world = createSimulation({ seed: 3 })
    const a = world.tab('A').context('member').platform.clock
    const b = world.tab('B').context('member').platform.clock
    const [monoA, monoB, wall] = [a.mono(), b.mono(), a.wall()]
    expect(monoA).not.toBe(monoB)
    expect(b.wall()).toBe(wall)
    await world.runFor(1000)
    expect(a.mono() - monoA).toBeCloseTo(1000, 5)
    expect(b.mono() - monoB).toBeCloseTo(1000, 5)
    world.jumpWallClock(-5000)
    expect(a.wall()).toBe(wall - 4000)
    expect(b.wall()).toBe(wall - 4000)
  })

  test('a timer is never early, a cancelled one never comes, and a hidden tab gets them once a second', async () => {
    const world = createSimulation({ seed: 4 })
    const { clock } = world.tab('A').context('member').platform
    const fired: number[] = []
    for (const ms of [1, 10, 100]) clock.after(ms, () => fired.push(world.now - ms))
    clock.after(5, () => fired.push(Number.NaN)).cancel()
    await world.run()
    expect(fired).toHaveLength(3)
    expect(Math.min(...fired)).toBeGreaterThanOrEqual(0)

    const hidden = world.tab('H')
    hidden.throttle(true)
    let count = 0
    const beat = () => {
      count++
      hidden.context('member').platform.clock.after(50, beat)
    }
    beat()
    await world.runFor(3000)
    expect(count).toBeGreaterThanOrEqual(3)
    expect(count).toBeLessThanOrEqual(5)
  })

  test('a turn comes after everything that had arrived', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const world = createSimulation({ seed })
      const [a, b] = [world.tab('A').context('member'), world.tab('B').context('member')]
      const got: string[] = []
      b.platform.channels.open('all', () => got.push('message'))
      a.platform.channels.open<{ type: string }>('all').post({ type: 'hello' })
      b.run('work', () => {
        b.spend(20)
        void b.platform.clock.turn().then(() => got.push('turn'))
      })
      await world.run()
      expect(got).toEqual(['message', 'turn'])
    }
  })

  test('long synchronous work holds up its own context only', async () => {
    const world = createSimulation({ seed: 5 })
    const [a, b] = [world.tab('A').context('primary'), world.tab('B').context('member')]
    const events: [string, number][] = []
    const heard: number[] = []
    b.platform.channels.open<number>('all', (at) => heard.push(world.now - at))
    const channel = a.platform.channels.open<number>('all')
    a.run('long', () => {
      const start = a.platform.clock.mono()
      for (let i = 1; i <= 4; i++) {
        a.spend(100)
        channel.post(a.now)
        events.push(['worked', a.platform.clock.mono() - start])
      }
      a.platform.clock.after(0, () => events.push(['next event', a.platform.clock.mono() - start]))
    })
    b.platform.clock.after(150, () => events.push(['other tab', 0]))
    await world.run({ until: () => events.some(([name]) => name === 'other tab') })
    expect(events.some(([name]) => name === 'next event')).toBe(false)
    expect(heard).toHaveLength(1)
    await world.run()
    expect(events.at(-1)?.[0]).toBe('next event')
    expect(events.at(-1)?.[1]).toBeGreaterThanOrEqual(400)
    expect(heard).toHaveLength(4)
    expect(Math.max(...heard)).toBeLessThan(50)
  })
})

describe('life and death', () => {
  test('a dead context runs nothing, and what it posted last is lost for all receivers or for none', async () => {
    let losses = 0
    for (let seed = 0; seed < 60; seed++) {
      const world = createSimulation({ seed })
      const got: Record<string, number[]> = { B: [], C: [] }
      for (const name of ['B', 'C'])
        world
          .tab(name)
          .context('member')
          .platform.channels.open<number>('all', (n) => got[name]?.push(n))
      const tab = world.tab('A')
      const { channels, clock } = tab.context('member').platform
      let late = 0
      clock.after(50, () => late++)
      const channel = channels.open<number>('all')
      for (let n = 0; n < 5; n++) {
        channel.post(n)
        await world.runFor(1)
      }
      tab.kill()
      channel.post(99)
      await world.run()
      expect(late).toBe(0)
      expect(got['B']).toEqual(got['C'])
      expect(got['B']).toEqual([0, 1, 2, 3, 4].slice(0, got['B']?.length))
      if ((got['B']?.length ?? 0) < 5) losses++
    }
    expect(losses).toBeGreaterThan(5)
    expect(losses).toBeLessThan(55)
  })

  test('a frozen tab gets its messages and timers when it wakes; a cached one has missed the broadcasts', async () => {
    for (const manner of ['freeze', 'suspend'] as const) {
      const world = createSimulation({ seed: 9 })
      const tab = world.tab('A')
      const { channels, clock } = tab.context('member').platform
      const got: string[] = []
      channels.open<string>('all', (message) => got.push(message))
      clock.after(10, () => got.push('timer'))
      tab[manner]()
      const sender = world.tab('B').context('member').platform.channels.open<string>('all')
      sender.post('first')
      sender.post('second')
      await world.runFor(1000)
      expect(got).toEqual([])
      tab.resume()
      await world.run()
      const messages = got.filter((entry) => entry !== 'timer')
      expect(got).toContain('timer')
      expect(messages).toEqual(manner === 'freeze' ? ['first', 'second'] : [])
      sender.post('third')
      await world.run()
      expect(got.at(-1)).toBe('third')
    }
  })

  test('a context of the same name after a death is a new one', () => {
    const tab = createSimulation({ seed: 1 }).tab('A')
    const first = tab.context('primary')
    expect(tab.context('primary')).toBe(first)
    first.kill()
    expect(tab.context('primary')).not.toBe(first)
    expect(tab.context('primary').platform.random.id()).not.toBe(first.platform.random.id())
  })
})

describe('messages', () => {
  test('are in order from one channel to one receiver, and in no order across', async () => {
    const overtaken = { receivers: 0, channels: 0 }
    for (let seed = 0; seed < 40; seed++) {
      const world = createSimulation({ seed })
      const sender = world.tab('A').context('primary').platform.channels
      const order: string[] = []
      const perChannel: Record<string, number[]> = { 'B x': [], 'B y': [], 'C x': [], 'C y': [] }
      for (const tab of ['B', 'C'])
        for (const name of ['x', 'y'])
          world
            .tab(tab)
            .context('member')
            .platform.channels.open<number>(name, (n) => {
              order.push(`${tab} ${name} ${n}`)
              perChannel[`${tab} ${name}`]?.push(n)
            })
      const [x, y] = [sender.open<number>('x'), sender.open<number>('y')]
      for (let n = 0; n < 10; n++) (n % 2 === 0 ? x : y).post(n)
      await world.run()
      expect(perChannel).toEqual({
        'B x': [0, 2, 4, 6, 8],
        'B y': [1, 3, 5, 7, 9],
        'C x': [0, 2, 4, 6, 8],
        'C y': [1, 3, 5, 7, 9],
      })
      if (order.indexOf('C x 8') < order.indexOf('B x 0')) overtaken.receivers++
      if (order.indexOf('B y 1') < order.indexOf('B x 0')) overtaken.channels++
    }
    expect(overtaken.channels).toBeGreaterThan(0)
  })

  test('are copies, and what cannot be copied fails its sender', async () => {
    const world = createSimulation({ seed: 2 })
    const got: { list: number[] }[] = []
    for (const tab of ['B', 'C'])
      world
        .tab(tab)
        .context('member')
        .platform.channels.open<{ list: number[] }>('all', (m) => got.push(m))
    const channel = world.tab('A').context('member').platform.channels.open<unknown>('all')
    const message = { list: [1] }
    channel.post(message)
    message.list.push(2)
    await world.run()
    expect(got).toEqual([{ list: [1] }, { list: [1] }])
    expect(got[0]).not.toBe(got[1])
    expect(() => channel.post({ callback: () => {} })).toThrow(/could not be cloned/)
  })

  test('do not reach the channel they were posted on, nor a closed one, but others of the same context', async () => {
    const world = createSimulation({ seed: 2 })
    const { channels } = world.tab('A').context('member').platform
    const got: string[] = []
    const own = channels.open<string>('all', () => got.push('own'))
    const other = channels.open<string>('all', () => got.push('other'))
    own.post('x')
    await world.run()
    expect(got).toEqual(['other'])
    own.post('y')
    other.close()
    await world.run()
    expect(got).toEqual(['other'])
    expect(() => other.post('z')).toThrow(/closed/)
    own.close()
    expect(world.channels.names()).toEqual([])
  })

  test('on a port wait for a listener and stay in order', async () => {
    const world = createSimulation({ seed: 2 })
    const tab = world.tab('A')
    const [page, member] = createPortPair<number, string>(tab.context('page'), tab.context('member'))
    const [forth, back]: [number[], string[]] = [[], []]
    for (let n = 0; n < 5; n++) page.post(n)
    await world.run()
    member.onMessage((n) => {
      forth.push(n)
      member.post(`got ${n}`)
    })
    page.onMessage((text) => back.push(text))
    await world.run()
    expect(forth).toEqual([0, 1, 2, 3, 4])
    expect(back).toEqual(['got 0', 'got 1', 'got 2', 'got 3', 'got 4'])
    page.close()
    member.post('late')
    await world.run()
    expect(back).toHaveLength(5)
  })
})
