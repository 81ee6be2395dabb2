import { expect, test } from 'vitest'
import { insert, inWorlds, type Player, type Stage } from './stage.ts'

const LIMIT = 300_000
const LONG = 3000

/** Reads of one tab, one every 20 ms, for as long as `during` is not settled; the longest of them, ms. */
async function longestRead(stage: Stage, { db, page }: Player, during: { settledAt: number | undefined }) {
  const { clock } = page.context.platform
  let longest = 0
  let reads = 0
  const readOn = async (): Promise<void> => {
    while (during.settledAt === undefined) {
      const asked = clock.mono()
      await db.values('select count(*) from t')
      reads++
      longest = Math.max(longest, clock.mono() - asked)
      await new Promise<void>((resolve) => clock.after(20, resolve))
    }
  }
  await stage.settle(readOn())
  return { longest, reads }
}

test(
  'P5 R11 a long write of one tab stalls no read of another one',
  inWorlds(3, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    for (const writer of [a, c]) {
      const write = stage.watch(
        writer.db.run(`insert into t (v) values ('${writer.tab.name}') /* takes ${LONG} ms */`),
      )
      const { longest, reads } = await longestRead(stage, b, write)
      expect(await stage.ended(write)).toBeGreaterThan(LONG - 1)
      expect(longest).toBeLessThan(LONG / 10)
      expect(reads).toBeGreaterThan(50)
    }
  }),
  LIMIT,
)

test(
  'R11 nor does it where a short write of the same tab comes right before it',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B', 'C'])
    const short = stage.watch(insert(a, 'short'))
    const long = stage.watch(a.db.run(`insert into t (v) values ('long') /* takes ${LONG} ms */`))
    const { longest } = await longestRead(stage, b, long)
    expect(longest).toBeLessThan(LONG / 3)
    expect((await short.promise).changes).toBe(1)
  }),
  LIMIT,
)

test(
  'R11 R24 nor a large one: who fetches it has all of it before the next statement runs',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const large = stage.watch(a.db.run('insert into t (v) values (hex(zeroblob(2000000)))'))
    await stage.simulation.runFor(20)
    const long = stage.watch(a.db.run(`insert into t (v) values ('long') /* takes ${LONG} ms */`))
    // Reads that are asked before the replica has all of it went to the primary.
    await stage.simulation.runFor(200)
    const { longest } = await longestRead(stage, b, long)
    expect(longest).toBeLessThan(LONG / 3)
    expect((await large.promise).changes).toBe(1)
  }),
  LIMIT,
)

test(
  'P5 R11 an interactive transaction of another tab, with a long statement in it, stalls no read',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const transaction = stage.watch(
      a.db.transaction(async (tx) => {
        await tx.run("insert into t (v) values ('1')")
        await tx.run(`insert into t (v) values ('2') /* takes 2000 ms */`)
      }),
    )
    const { longest } = await longestRead(stage, b, transaction)
    expect(transaction.error).toBe(undefined)
    expect(longest).toBeLessThan(200)
    expect(await stage.values(b)).toEqual(['1', '2'])
  }),
  LIMIT,
)

test(
  'R11 R23 a statement past its bound ends with its own error, and the tabs that waited go on',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const endless = stage.watch(
      a.db.run("insert into t (v) values ('x') /* takes 100000 ms */", [], { timeout: 2000 }),
    )
    const behind = stage.watch(insert(b, 'b'))
    expect(await stage.ended(endless)).toBeLessThan(2500)
    expect(endless.error).toMatchObject({ code: 'STATEMENT_TIMEOUT', outcome: 'not-applied' })
    await stage.settle(behind.promise)
    expect(await stage.values(a)).toEqual(['b'])
  }),
  LIMIT,
)
