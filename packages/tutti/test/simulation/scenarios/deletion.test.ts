import { expect, test } from 'vitest'
import { DatabaseDeletedError } from '../../../src/errors/errors.ts'
import { insert, inWorlds } from './stage.ts'

const LIMIT = 300_000

test(
  'P8 R2 a database that was destroyed stays so for a tab that slept through it, which resurrects nothing',
  inWorlds(4, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await stage.settle(insert(c, 'old'))
    c.page.tell('suspended')
    await stage.simulation.runFor(5)
    c.tab.suspend()
    let told = 0
    b.db.on('deleted', () => told++)
    await stage.settle(a.db.destroy())
    await stage.rest()
    expect(told).toBe(1)
    const anew = await stage.open('D')
    await stage.settle(insert(anew, 'new'))

    c.tab.resume()
    c.page.tell('resumed')
    for (const call of [
      () => insert(c, 'ghost'),
      () => c.db.values('select v from t'),
      () => insert(b, 'ghost'),
    ]) {
      const ended = stage.watch<unknown>(call())
      expect(await stage.ended(ended)).toBeLessThan(13_000)
      expect(ended.error).toBeInstanceOf(DatabaseDeletedError)
    }
    expect(await stage.values(anew)).toEqual(['new'])
  }),
  LIMIT,
)

test(
  'R2 a tab that slept through the deletion and wakes alone finds nothing, and makes nothing',
  inWorlds(4, async (stage) => {
    const [a, c] = await stage.openAll(['A', 'C'])
    await stage.settle(insert(c, 'old'))
    c.page.tell('suspended')
    await stage.simulation.runFor(5)
    c.tab.suspend()
    await stage.settle(a.db.destroy())
    a.tab.kill()
    await stage.rest()
    c.tab.resume()
    c.page.tell('resumed')
    const write = stage.watch(insert(c, 'ghost'))
    expect(await stage.ended(write)).toBeLessThan(13_000)
    expect(write.error).toBeInstanceOf(DatabaseDeletedError)
    // To look for a database makes its files; nothing is written into them.
    const { disk } = stage.simulation
    for (const path of disk.paths) expect(disk.bytes(path)).toHaveLength(0)
  }),
  LIMIT,
)

test(
  'R2 an import raises the version, keeps epoch and ledger, and every tab reads the new content',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const first = await stage.settle(insert(a, 'kept', { id: 'import-1' }))
    const copy = await stage.settle(b.db.export())
    const bytes = new Uint8Array(await copy.arrayBuffer())
    await stage.settle(insert(a, 'lost by the import'))
    const { version } = a.db
    await stage.settle(b.db.import(bytes))
    for (const player of [a, b]) expect(await stage.values(player)).toEqual(['kept'])
    expect(b.db.version).toBeGreaterThan(version)
    expect(stage.epoch).toBe(1)
    expect(await stage.settle(insert(b, 'kept', { id: 'import-1' }))).toEqual(first)
    await stage.simulation.runFor(500)
    expect(stage.world.differingReplicas()).toEqual([])
  }),
  LIMIT,
)
