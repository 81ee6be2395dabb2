import { expect, test } from 'vitest'
import type { EveryoneMessage } from '../../../src/protocol/messages.ts'
import { databaseNames } from '../../../src/protocol/names.ts'
import { overriding } from '../slow-engine.ts'
import { insert, inWorlds, type Stage } from './stage.ts'

const LIMIT = 300_000
/** Here no file keeps a robbed primary from doing harm: only what it knows. */
const MEMORY = { storage: ['memory'] } as const
/** Longer than a lease and its margin, ms. */
const NO_LEASE_LEFT = 700

const { everyoneChannel } = await databaseNames('u-9002', 'default')

/** Whatever is said to all tabs from now on. */
function overhear(stage: Stage): EveryoneMessage['type'][] {
  const heard: EveryoneMessage['type'][] = []
  const outsider = stage.simulation.tab('listener').context('page')
  outsider.platform.channels.open<EveryoneMessage>(everyoneChannel, ({ type }) => void heard.push(type))
  return heard
}

test(
  'R5 R10 a primary that was stopped and robbed meanwhile lends no lease when it goes on',
  inWorlds(10, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], MEMORY)
    await stage.settle(insert(a, 'a'))
    await stage.simulation.runFor(NO_LEASE_LEFT)
    a.tab.freeze()
    // Its question for a lease waits beside the news that the lock is gone, and may be first.
    const read = stage.watch(b.db.values('select v from t'))
    await stage.simulation.runFor(300)
    const stolen = await stage.robPrimary()
    a.tab.resume()
    await stage.simulation.runFor(1000)
    expect(read.settledAt).toBe(undefined)
    stolen.release()
    await stage.ended(read)
    expect(read.value ?? read.error?.code).toEqual([['a']])
  }),
  LIMIT,
)

test(
  'R5 a primary that is robbed while it looks for its files runs nothing of what waited for it',
  inWorlds(6, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    // Time to look for the files again.
    await stage.simulation.runFor(1500)
    const { now, trace } = stage.simulation
    const write = stage.watch(insert(b, 'b'))
    await stage.until(() => trace.entries.some(({ time, what }) => time > now && what.startsWith('look at')))
    a.tab.freeze()
    const stolen = await stage.robPrimary()
    await stage.simulation.runFor(NO_LEASE_LEFT)
    a.tab.resume()
    await stage.simulation.runFor(1000)
    expect(write.settledAt).toBe(undefined)
    stolen.release()
    await stage.settle(write.promise)
    expect(await stage.values(a)).toEqual(['b'])
  }),
  LIMIT,
)

test(
  'R5 R9 an answer that waited for a lease to end is true, also where its primary was robbed meanwhile',
  inWorlds(6, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await stage.settle(b.db.values('select 1'))
    b.tab.freeze()
    const write = stage.watch(insert(c, 'c'))
    await stage.simulation.runFor(50)
    a.tab.freeze()
    const stolen = await stage.robPrimary()
    await stage.simulation.runFor(NO_LEASE_LEFT)
    a.tab.resume()
    stolen.release()
    await stage.settle(write.promise)
    b.tab.resume()
    for (const player of [a, b, c]) expect(await stage.values(player)).toEqual(['c'])
  }),
  LIMIT,
)

test(
  'R5 R11 a statement in which the primary was stopped tells nobody any more that nothing commits',
  inWorlds(3, async (stage) => {
    const heard = overhear(stage)
    let pause = 0
    stage.world.shared.wrapEngine = (engine, context) =>
      overriding(engine, {
        execute(...args) {
          context.spend(pause)
          return engine.execute(...args)
        },
      })
    const [, b] = await stage.openAll(['A', 'B'], MEMORY)
    const told = async (): Promise<number> => {
      const before = heard.filter((type) => type === 'current').length
      await stage.settle(b.db.run(`insert into t (v) values (random()) /* takes 1000 ms */`))
      return heard.filter((type) => type === 'current').length - before
    }
    expect(await told()).toBeGreaterThan(10)
    pause = NO_LEASE_LEFT
    expect(await told()).toBe(0)
    pause = 0
    expect(await told()).toBeGreaterThan(10)
  }),
  LIMIT,
)
