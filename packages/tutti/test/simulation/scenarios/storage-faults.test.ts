import { expect, test } from 'vitest'
import type { Transaction } from '../../../src/index.ts'
import { ClusterWorld } from '../cluster-world.ts'
import { insert, inWorlds, Stage } from './stage.ts'

const LIMIT = 300_000
const KEPT = '[["kept"]]'
const FAULTS = ['throw', 'full', 'short', 'absurd'] as const

/** One world in which the `n`-th operation of the disk during three writes goes wrong; false once there are fewer. */
async function inFaultyWorld(seed: number, play: (stage: Stage) => Promise<boolean>): Promise<boolean> {
  const world = await ClusterWorld.create(seed)
  try {
    return await play(new Stage(world))
  } finally {
    world.close()
  }
}

/** Calls `attempt` with 1, 2, 3 … until it says that nothing was left to go wrong. */
async function forEachOperation(attempt: (n: number) => Promise<boolean>): Promise<number> {
  for (let n = 1; n < 200; n++) if (!(await attempt(n))) return n - 1
  throw new Error('there is no end of it')
}

/** The callback of a transaction that counts the rows, and then adds one. */
async function addCount(tx: Transaction): Promise<number> {
  const [[count]] = (await tx.values<[number]>('select count(*) from t')) as [[number]]
  await tx.run('insert into t (v) values (?)', [String(count)])
  return count
}

test.for(FAULTS)(
  'R17 whatever operation of the disk fails (%s), nothing is answered that is lost, and what is asked again happens once',
  { timeout: LIMIT },
  async (fault) => {
    const hits = await forEachOperation((n) =>
      inFaultyWorld(n, async (stage) => {
        const [a, b] = await stage.openAll(['A', 'B'])
        const { faults } = stage.simulation.disk
        const before = faults.operations
        faults.failAt(n, fault)
        const ids = ['1', '2', '3']
        const writes = ids.map((id) => stage.watch(insert(b, id, { id })))
        for (const write of writes) await stage.ended(write)
        const acknowledged = ids.filter((_, i) => writes[i]?.error === undefined)
        const refused = writes.flatMap(({ error }) => (error === undefined ? [] : [error.outcome]))
        expect(refused.filter((outcome) => outcome !== 'not-applied')).toEqual([])
        const hit = faults.operations - before >= n
        faults.heal()
        await stage.rest()
        for (const player of [a, b]) expect((await stage.values(player)).toSorted()).toEqual(acknowledged)
        const firsts = await stage.settle(Promise.all(ids.map((id) => insert(a, id, { id }))))
        const seconds = await stage.settle(Promise.all(ids.map((id) => insert(b, id, { id }))))
        expect(seconds).toEqual(firsts)
        expect((await stage.values(b)).toSorted()).toEqual(ids)
        return hit
      }),
    )
    expect(hits).toBeGreaterThan(3)
  },
)

test(
  'R2 P4 whatever operation of the disk fails while the database is deleted, it is gone for every tab, or all there and typed',
  async () => {
    const ends = new Set<string>()
    const hits = await forEachOperation((n) =>
      inFaultyWorld(n, async (stage) => {
        const [a, b] = await stage.openAll(['A', 'B'])
        await stage.settle(insert(b, 'kept'))
        const { faults } = stage.simulation.disk
        const before = faults.operations
        faults.failAt(n, 'throw')
        const destroyed = stage.watch(b.db.destroy())
        await stage.ended(destroyed)
        const hit = faults.operations - before >= n
        faults.heal()
        await stage.rest()
        const reads = [a, b].map(({ db }) => stage.watch(db.values('select v from t')))
        for (const read of reads) await stage.ended(read)
        const codes = reads.map(({ error, value }) => error?.code ?? JSON.stringify(value))
        const there = destroyed.error !== undefined && codes[0] === KEPT
        expect(codes).toEqual(there ? [KEPT, KEPT] : ['DATABASE_DELETED', 'DATABASE_DELETED'])
        expect([undefined, 'STORAGE_FAILED']).toContain(destroyed.error?.code)
        ends.add(`${destroyed.error?.code ?? 'deleted'}, ${there ? 'there' : 'gone'}`)
        if (there) {
          await stage.settle(insert(a, 'and on'))
          await stage.settle(a.db.destroy())
        }
        const anew = await stage.open('C')
        expect(await stage.values(anew)).toEqual([])
        return hit
      }),
    )
    expect(hits).toBeGreaterThan(1)
    expect(ends).toContain('STORAGE_FAILED, there')
    expect(ends).toContain('deleted, gone')
  },
  LIMIT,
)

test(
  'R17 a flush that fails takes its epoch with it: the same request is answered under the next one',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await stage.settle(insert(b, 'before'))
    const { disk } = stage.simulation
    // Learn from one write how many operations it takes; its flush is the last.
    const before = disk.faults.operations
    await stage.settle(insert(b, 'measured'))
    disk.faults.failAt(disk.faults.operations - before, 'throw')
    const write = await stage.settle(insert(b, 'after'))
    expect(stage.epoch).toBe(2)
    expect(write.changes).toBe(1)
    for (const player of [a, b]) expect(await stage.values(player)).toEqual(['before', 'measured', 'after'])
  }),
  LIMIT,
)

test(
  'R25 wherever the disk gets full, an interactive transaction ends with why, one that only reads goes on, and room is used at once',
  async () => {
    const codes = new Set<string>()
    await forEachOperation((n) =>
      inFaultyWorld(n, async (stage) => {
        const players = await stage.openAll(['A', 'B', 'C'])
        await stage.settle(insert(players[0], 'kept'))
        const { faults } = stage.simulation.disk
        const before = faults.operations
        // As IndexedDB: it writes where nobody counts, and finds no room for it when it is flushed.
        faults.failAt(n, 'full', { lasting: true, only: 'flush' })
        const writes = players.map(({ db }) => stage.watch(db.transaction(addCount)))
        for (const write of writes) await stage.ended(write)
        const hit = faults.operations - before >= n
        const refused = writes.flatMap(({ error }) => (error === undefined ? [] : [error]))
        for (const error of refused) {
          expect(error).toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' })
          codes.add(error.code)
        }
        const counted = 1 + players.length - refused.length
        const count = players[1].db.transaction((tx) => tx.values('select count(*) from t'))
        expect(await stage.settle(count)).toEqual([[counted]])
        faults.heal()
        expect(await stage.settle(players[2].db.transaction(addCount))).toBe(counted)
        return hit
      }),
    )
    expect([...codes]).toEqual(['STORAGE_FULL'])
  },
  LIMIT,
)

test(
  'R14 R25 a write under an id of its own that found no room may be asked again under it, and is done once there is room',
  async () => {
    await forEachOperation((n) =>
      inFaultyWorld(n, async (stage) => {
        const [a, b] = await stage.openAll(['A', 'B'])
        const { faults } = stage.simulation.disk
        const before = faults.operations
        faults.failAt(n, 'full', { lasting: true, only: 'flush' })
        // The first is lost with its flush, and the second finds an epoch without room.
        const ids = ['1', '2']
        const refused: string[] = []
        for (const id of ids) {
          const write = stage.watch(insert(b, id, { id }))
          await stage.ended(write)
          if (write.error === undefined) continue
          expect(write.error).toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' })
          refused.push(id)
        }
        const hit = faults.operations - before >= n
        faults.heal()
        for (const id of refused) await stage.settle(insert(b, id, { id }))
        expect((await stage.values(a)).toSorted()).toEqual(ids)
        return hit
      }),
    )
  },
  LIMIT,
)

test(
  'P2 R17 a power cut at any operation of the disk loses nothing that was acknowledged, and damages nothing',
  async () => {
    const cuts = await forEachOperation((n) =>
      inFaultyWorld(n, async (stage) => {
        const [a, b] = await stage.openAll(['A', 'B'])
        const { disk } = stage.simulation
        const before = disk.faults.operations
        // From its n-th operation on the disk takes nothing any more: the power goes there.
        disk.faults.failAt(n, 'throw', { lasting: true })
        const writes = [insert(a, '1'), insert(b, '2'), insert(b, '3'), insert(a, '4')].map((write) =>
          stage.watch(write),
        )
        const cutAt = () => disk.faults.operations - before >= n
        await stage.simulation.run({
          until: () => cutAt() || writes.every(({ settledAt }) => settledAt !== undefined),
          maxTime: 30_000,
        })
        const hit = cutAt()
        const acknowledged = ['1', '2', '3', '4'].filter((_, i) => writes[i]?.value !== undefined)
        stage.simulation.powerCut()
        disk.faults.heal()
        const reader = await stage.open('R')
        const found = await stage.values(reader)
        expect(found).toEqual(expect.arrayContaining(acknowledged))
        expect(new Set(found).size).toBe(found.length)
        expect(await stage.settle(reader.db.values('pragma integrity_check'))).toEqual([['ok']])
        return hit
      }),
    )
    expect(cuts).toBeGreaterThan(3)
  },
  LIMIT,
)

test(
  'R20 a relaxed write survives its tab; a power cut may take it, and damages nothing; flush() keeps it',
  inWorlds(6, async (stage) => {
    const options = { durability: 'relaxed' } as const
    const [a] = await stage.openAll(['A'], options)
    await stage.settle(insert(a, 'tab dies'))
    a.tab.kill()
    const b = await stage.open('B', options)
    expect(await stage.values(b)).toEqual(['tab dies'])
    await stage.settle(insert(b, 'flushed'))
    await stage.settle(b.db.flush())
    await stage.settle(insert(b, 'power cut'))
    stage.simulation.powerCut()
    const c = await stage.open('C', options)
    expect((await stage.values(c)).slice(0, 2)).toEqual(['tab dies', 'flushed'])
    expect(await stage.settle(c.db.values('pragma integrity_check'))).toEqual([['ok']])
  }),
  LIMIT,
)

test(
  'P8 R29 cleared site data is noticed before an answer is given, and nothing is written into it again',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await stage.settle(insert(b, 'before'))
    // It looks at most once a second.
    await stage.simulation.runFor(3000)
    for (const path of stage.simulation.disk.paths) stage.simulation.disk.remove(path)
    const write = stage.watch(insert(b, 'after'))
    await stage.ended(write)
    expect(write.error).toMatchObject({ code: 'DATABASE_DELETED' })
    await stage.rest()
    const read = stage.watch(a.db.values('select * from t'))
    await stage.ended(read)
    expect(read.error?.code).toBe('DATABASE_DELETED')
    expect(stage.simulation.disk.paths).toEqual([])

    const anew = await stage.open('A')
    expect(await stage.values(anew)).toEqual([])
    expect(anew.db.version).toBeGreaterThan(0)
  }),
  LIMIT,
)
