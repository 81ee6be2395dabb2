import { expect, test } from 'vitest'
import { OutcomeUnknownError, RequestIdReusedError } from '../../../src/errors/errors.ts'
import type { EveryoneMessage } from '../../../src/protocol/messages.ts'
import { dieAtOnce } from './die-at-once.ts'
import { insert, inWorlds, TABLE } from './stage.ts'

const LIMIT = 300_000

test(
  'R15 a request that waits past its expiry is not run',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const long = stage.watch(a.db.run("insert into t (v) values ('long') /* takes 4000 ms */"))
    await stage.simulation.runFor(100)
    const late = stage.watch(insert(b, 'late', { timeout: 1000 }))
    expect(await stage.ended(late)).toBeLessThan(2600)
    expect(late.error).toMatchObject({ code: 'CALL_TIMEOUT', outcome: 'unknown' })
    // This one cannot even be taken back: its tab sleeps until long after.
    const asleep = stage.watch(insert(b, 'asleep', { timeout: 1000 }))
    await stage.simulation.runFor(50)
    b.tab.freeze()
    await stage.settle(long.promise)
    await stage.rest()
    b.tab.resume()
    await stage.ended(asleep)
    expect(asleep.error?.code).toBe('CALL_TIMEOUT')
    expect(await stage.values(b)).toEqual(['long'])
  }),
  LIMIT,
)

test(
  'R15 a request of unknown outcome can be asked again by its member, and is never run for anybody else',
  inWorlds(3, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    const doubtful = async (v: string) => {
      a.tab.freeze()
      const write = stage.watch(insert(b, v, { timeout: 1000 }))
      await stage.ended(write)
      expect(write.error).toMatchObject({ outcome: 'unknown' })
      a.tab.resume()
      await stage.rest()
      return String(write.error?.requestId)
    }
    const first = await doubtful('first')
    const { version } = await stage.settle(insert(b, 'first', { id: first }))
    expect((await stage.settle(insert(b, 'first', { id: first }))).version).toBe(version)

    const second = await doubtful('second')
    const elsewhere = stage.watch(insert(c, 'second', { id: second }))
    await stage.ended(elsewhere)
    expect(elsewhere.error).toBeInstanceOf(OutcomeUnknownError)

    b.tab.kill()
    await stage.rest()
    const afterwards = stage.watch(insert(c, 'second', { id: second }))
    await stage.ended(afterwards)
    expect(afterwards.error).toBeInstanceOf(OutcomeUnknownError)
    expect(await stage.values(c)).toEqual(['first'])
  }),
  LIMIT,
)

test(
  'R15 a tab that hears of the primary before it holds its life lock is not taken for dead',
  inWorlds(
    5,
    async (stage) => {
      await stage.openAll(['A'])
      const { channels } = stage.simulation.tab('outsider').context('page').platform
      const everyone = channels.open<EveryoneMessage>(stage.names.everyoneChannel)
      for (let i = 0; i < 10; i++) {
        const opening = stage.watch(stage.world.tab(`B${i}`).open({ migrations: TABLE }))
        // Others open meanwhile, and have the primary announce itself to all.
        for (let ms = 0; ms < 40; ms++) {
          everyone.post({ type: 'who', member: 'another' })
          await stage.simulation.runFor(1)
        }
        const b = { db: await stage.settle(opening.promise) }
        await stage.settle(insert(b, `${i}`))
        // Time to be buried.
        await stage.simulation.runFor(1000)
        const again = stage.watch(insert(b, `${i} again`))
        expect(await stage.ended(again)).toBeLessThan(400)
        expect(again.error).toBe(undefined)
        stage.simulation.tab(`B${i}`).kill()
      }
    },
    { latency: [0.05, 1], portLatency: [0.02, 1], lockLatency: [20, 60] },
  ),
  LIMIT,
)

test(
  'P3.1 R15 a named write happens once, whichever tab asks, also after a reload and a failover',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const first = await stage.settle(insert(a, 'once', { id: 'pay-1' }))
    expect(await stage.settle(insert(b, 'once', { id: 'pay-1' }))).toEqual(first)
    a.tab.kill()
    expect(await stage.settle(insert(b, 'once', { id: 'pay-1' }))).toEqual(first)
    b.tab.kill()
    const again = await stage.open('A')
    expect(await stage.settle(insert(again, 'once', { id: 'pay-1' }))).toEqual(first)
    expect(await stage.values(again)).toEqual(['once'])

    const reused = stage.watch(insert(again, 'another', { id: 'pay-1' }))
    await stage.ended(reused)
    expect(reused.error).toBeInstanceOf(RequestIdReusedError)
  }),
  LIMIT,
)

for (const moment of ['before', 'after'] as const) {
  test(
    `R14 R15 a primary that dies ${moment} it committed a write: it happened once, with its first answer`,
    inWorlds(3, async (stage) => {
      const deaths = dieAtOnce(stage, 'execute', moment)
      const [, b] = await stage.openAll(['A', 'B'])
      const written = await stage.settle(insert(b, 'b'))
      expect(deaths()).toBe(1)
      expect(written).toMatchObject({ changes: 1, lastInsertRowid: 1 })
      expect(await stage.values(b)).toEqual(['b'])
    }),
    LIMIT,
  )
}

test(
  'R19 P3.2 a COMMIT whose answer is lost is looked up: the callback does not run again',
  inWorlds(4, async (stage) => {
    const deaths = dieAtOnce(stage, 'commit', 'after')
    const [, b] = await stage.openAll(['A', 'B'])
    let runs = 0
    const result = await stage.settle(
      b.db.transaction(async (tx) => {
        runs++
        await tx.run("insert into t (v) values ('tx')")
        return runs
      }),
    )
    expect([deaths(), result, runs]).toEqual([1, 1, 1])
    expect(await stage.values(b)).toEqual(['tx'])
  }),
  LIMIT,
)

test(
  'P3.2 a transaction whose primary died before its COMMIT runs again, and is there once',
  inWorlds(4, async (stage) => {
    for (const method of ['commit', 'inTransaction'] as const) {
      const deaths = dieAtOnce(stage, method, 'before')
      const player = await stage.open(method)
      await stage.simulation.runFor(200)
      let runs = 0
      await stage.settle(
        player.db.transaction(async (tx) => {
          runs++
          await tx.run('insert into t (v) values (?)', [method])
        }),
      )
      expect([deaths(), runs]).toEqual([1, 2])
      expect((await stage.values(player)).filter((v) => v === method)).toEqual([method])
      player.tab.kill()
    }
  }),
  LIMIT,
)

test(
  'R19 a write of the same tab that waits behind its own transaction is named in the timeout',
  inWorlds(1, async (stage) => {
    const [a] = await stage.openAll(['A'])
    const transaction = stage.watch(
      a.db.transaction(async (tx) => {
        await tx.run("insert into t (v) values ('tx')")
        await insert(a, 'outside')
      }),
    )
    await stage.ended(transaction)
    expect(transaction.error).toMatchObject({ code: 'TRANSACTION_TIMEOUT', outcome: 'not-applied' })
    expect(transaction.error?.message).toContain('insert into t (v) values (?)')
    await stage.rest()
    expect(await stage.values(a)).toEqual(['outside'])
  }),
  LIMIT,
)
