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
