import { expect, test } from 'vitest'
import { LEASE, LEASE_MARGIN } from '../../../src/cluster/lease.ts'
import { StaleReadError } from '../../../src/errors/errors.ts'
import { insert, inWorlds, type Player, type Stage } from './stage.ts'

const LIMIT = 300_000
/** For messages and flushes, ms. */
const SLACK = 150
const HOUR = 3_600_000

/** A tab that reads has a lease from now on. */
async function lendLease(stage: Stage, player: Player): Promise<void> {
  await stage.values(player)
}

test(
  'R9 R12 nobody waits for a frozen tab longer than its lease, and it never serves an old version when it wakes',
  inWorlds(4, async (stage, seed) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await lendLease(stage, c)
    c.tab.freeze()
    const first = stage.watch(insert(b, '1'))
    expect(await stage.ended(first)).toBeLessThan(LEASE + LEASE_MARGIN + SLACK)
    const second = stage.watch(insert(a, '2'))
    expect(await stage.ended(second)).toBeLessThan(SLACK)
    // Also within what was left of the lease of a tab that is only slow.
    await stage.simulation.runFor(seed * 100)
    c.tab.resume()
    expect(await stage.values(c)).toEqual(['1', '2'])
  }),
  LIMIT,
)

test(
  'R10 the wall clock may jump: nobody waits longer, and nobody serves an old version',
  inWorlds(2, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    const expected: string[] = []
    for (const jump of [HOUR, -HOUR, 400, -400]) {
      await lendLease(stage, c)
      c.tab.freeze()
      stage.simulation.jumpWallClock(jump)
      const write = stage.watch(insert(b, `${jump}`))
      // A clock that went a little back ends leases a little later by one of two clocks.
      expect(await stage.ended(write)).toBeLessThan(2 * (LEASE + LEASE_MARGIN) + SLACK)
      expected.push(`${jump}`)
      c.tab.resume()
      for (const tab of [c, a, b]) expect(await stage.values(tab)).toEqual(expected)
    }
  }),
  LIMIT,
)

test(
  'R10 a clock that jumps between a lease and its use does not let a tab read what is over',
  inWorlds(3, async (stage) => {
    const [, b, c] = await stage.openAll(['A', 'B', 'C'])
    await lendLease(stage, c)
    // All messages to C wait; its clocks go on.
    c.tab.slow(300)
    stage.simulation.jumpWallClock(-200)
    for (const v of ['1', '2', '3']) {
      await stage.settle(insert(b, v))
      expect((await stage.values(c)).at(-1)).toBe(v)
    }
  }),
  LIMIT,
)

test(
  'R9 R24 who fetched a commit that was too large to be sent is waited for again',
  inWorlds(4, async (stage) => {
    const [a, , c] = await stage.openAll(['A', 'B', 'C'])
    for (const v of ['1', '2', '3']) {
      await stage.settle(insert(a, v.repeat(1_500_000)))
      await stage.simulation.runFor(500)
      await lendLease(stage, c)
      // All messages to C wait; it may read on for as long as its lease lasts.
      c.tab.slow(300)
      await stage.settle(insert(a, v))
      expect((await stage.values(c)).at(-1)).toBe(v)
      await stage.simulation.runFor(2000)
    }
  }),
  LIMIT,
)

test(
  'P1 R8 R9 what was acknowledged is seen by whatever any tab reads next, over slow messages and a failover',
  inWorlds(
    5,
    async (stage) => {
      const players = await stage.openAll(['A', 'B', 'C'])
      let written = 0
      const count = async ({ db }: Player) => Number((await db.values('select count(*) from t'))[0]?.[0])
      const writeAndLook = async (writer: Player, readers: readonly Player[]) => {
        // Reads under way, so that leases are lent and used.
        const before = readers.map((reader) => stage.watch(count(reader)))
        await stage.settle(insert(writer, `${++written}`))
        for (const seen of await stage.settle(Promise.all(readers.map(count)))) expect(seen).toBe(written)
        for (const { promise } of before) await stage.settle(promise)
      }
      for (let i = 0; i < 4; i++) for (const writer of players) await writeAndLook(writer, players)
      await stage.settle(Promise.all(players.map(count)))
      const [a, b, c] = players
      a.tab.kill()
      for (let i = 0; i < 4; i++) for (const writer of [b, c]) await writeAndLook(writer, [b, c])
    },
    { latency: [0.05, 120] },
  ),
  LIMIT,
)

test(
  "R8 a new primary acknowledges nothing while a tab that has not joined may still read on the last one's word",
  inWorlds(4, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await lendLease(stage, c)
    const lentBy = stage.simulation.now
    c.tab.freeze()
    a.tab.kill()
    const write = stage.watch(insert(b, '1'))
    await stage.ended(write)
    expect(write.error).toBe(undefined)
    expect(stage.simulation.now - lentBy).toBeGreaterThan(LEASE)
    c.tab.resume()
    expect(await stage.values(c)).toEqual(['1'])
  }),
  LIMIT,
)

test(
  'R12 without a primary reads go on for the rest of the lease; then they follow `stale` within 2 s',
  inWorlds(2, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'])
    const allowing = await stage.open('C', { stale: 'allow' })
    await stage.settle(insert(b, '1'))
    await stage.simulation.runFor(300)
    for (const player of [b, allowing]) expect(await stage.values(player)).toEqual(['1'])
    const lost = await stage.robPrimary()

    const atOnce = stage.watch(b.db.values('select v from t'))
    expect(await stage.ended(atOnce)).toBeLessThan(50)
    await stage.simulation.runFor(LEASE)
    const refused = stage.watch(b.db.values('select v from t'))
    const allowed = stage.watch(allowing.db.values('select v from t'))
    expect(await stage.ended(refused)).toBeGreaterThan(1900)
    expect(refused.error).toBeInstanceOf(StaleReadError)
    await stage.ended(allowed)
    expect(allowed.value).toEqual([['1']])
    for (const { settledAt, askedAt } of [refused, allowed])
      expect((settledAt ?? 0) - askedAt).toBeLessThan(2100)

    const waiting = stage.watch(b.db.values('select v from t'))
    await stage.simulation.runFor(100)
    lost.release()
    expect(await stage.ended(waiting)).toBeLessThan(2000)
    expect(waiting.value).toEqual([['1']])
  }),
  LIMIT,
)

test(
  'R9 R10 a tab that reads now and then holds up no write, before, under and after its lease',
  inWorlds(4, async (stage, seed) => {
    const [a, , c] = await stage.openAll(['A', 'B', 'C'])
    for (let i = 0; i < 40; i++) {
      await stage.simulation.runFor(i % 10 === 9 ? 2 * LEASE : 40 + seed)
      const read = i % 10 === 0 ? stage.watch(stage.values(c)) : undefined
      expect(await stage.ended(stage.watch(insert(a, `${i}`)))).toBeLessThan(50)
      if (read !== undefined) await stage.ended(read)
    }
    expect(await stage.values(c)).toHaveLength(40)
  }),
  LIMIT,
)

test(
  'R9 a tab without a replica that makes one for an export is waited for as long as it has it, and gives it up',
  inWorlds(8, async (stage) => {
    const a = await stage.open('A')
    const c = await stage.open('C', { replica: 'never' })
    await stage.settle(insert(a, 'first'))
    for (let n = 2; n < 8; n++) {
      const exported = stage.watch(c.db.export())
      await stage.simulation.runFor(30 * n)
      // Whatever it reads from, it reads what was answered.
      await stage.settle(insert(a, String(n)))
      expect(await stage.values(c)).toHaveLength(n)
      await stage.settle(exported.promise)
    }
    await stage.rest()
    const { members } = await stage.settle(a.db.status())
    expect(members.map(({ replica }) => replica).toSorted()).toEqual(['none', 'ready'])
  }),
  LIMIT,
)
