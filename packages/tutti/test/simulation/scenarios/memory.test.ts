import { expect, test } from 'vitest'
import { insert, inWorlds } from './stage.ts'

const LIMIT = 300_000
const MEMORY = { storage: ['memory'], replica: 'never' } as const

test(
  'R28 on memory every acknowledged write outlives the tab of the primary, whatever `replica` says',
  inWorlds(5, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'], MEMORY)
    const acknowledged: string[] = []
    for (const [i, writer] of [b, a, c, b].entries()) {
      await stage.settle(insert(writer, `${i}`))
      acknowledged.push(`${i}`)
    }
    a.tab.kill()
    for (const player of [b, c]) expect(await stage.values(player)).toEqual(acknowledged)
    await stage.settle(insert(c, 'after'))
    expect(await stage.values(b)).toEqual([...acknowledged, 'after'])
    const { storage } = await stage.settle(b.db.status())
    expect(storage).toBe('memory')
  }),
  LIMIT,
)

test(
  'R28 a write is acknowledged on memory only when another tab has it, though none holds a lease',
  inWorlds(5, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], MEMORY)
    // No lease is left, and B hears nothing in time.
    await stage.simulation.runFor(1000)
    b.tab.freeze()
    const write = stage.watch(insert(a, '1'))
    await stage.simulation.runFor(300)
    expect(write.settledAt).toBe(undefined)
    b.tab.resume()
    await stage.settle(write.promise)
    a.tab.kill()
    expect(await stage.values(b)).toEqual(['1'])
  }),
  LIMIT,
)

test(
  'P4 R28 a transaction right behind a large write does not wait for itself',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], MEMORY)
    for (const writer of [a, b]) {
      const large = stage.watch(
        writer.db.run('insert into t (v) values (hex(zeroblob(2000000)) || ?)', [writer.tab.name]),
      )
      const transaction = stage.watch(
        writer.db.transaction(async (tx) => {
          await tx.run('insert into t (v) values (?)', [`tx ${writer.tab.name}`])
        }),
      )
      await stage.settle(Promise.all([large.promise, transaction.promise]))
    }
    expect(await stage.settle(b.db.values('select count(*) from t'))).toEqual([[4]])
  }),
  LIMIT,
)

test(
  'R28 a tab that goes while its copy waits for a transaction is not waited for',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A', 'B'], MEMORY)
    let goOn: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const transaction = stage.watch(
      a.db.transaction(async (tx) => {
        await tx.run("insert into t (v) values ('tx')")
        await held
      }),
    )
    await stage.simulation.runFor(50)
    const c = await stage.open('C', MEMORY)
    await stage.simulation.runFor(100)
    c.tab.kill()
    await stage.simulation.runFor(300)
    goOn()
    await stage.ended(transaction)
    for (const v of ['1', '2']) {
      await stage.simulation.runFor(1000)
      expect(await stage.ended(stage.watch(insert(a, v)))).toBeLessThan(150)
    }
  }),
  LIMIT,
)
