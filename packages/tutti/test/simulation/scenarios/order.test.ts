import { expect, test } from 'vitest'
import { insert, inWorlds } from './stage.ts'

const LIMIT = 300_000

test(
  'P1.1 calls of one handle take effect in the order in which they were made, awaited or not',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const without = await stage.open('C', { replica: 'never' })
    let next = 0
    for (const player of [a, b, without]) {
      const before = next
      const reads: Promise<unknown>[] = []
      const expected: number[] = []
      for (let i = 0; i < 5; i++) {
        void insert(player, `${++next}`)
        reads.push(player.db.values('select count(*) from t').then((rows) => rows[0]?.[0]))
        expected.push(before + i + 1)
      }
      expect(await stage.settle(Promise.all(reads))).toEqual(expected)
    }
  }),
  LIMIT,
)

test(
  'P1.1 a read does not wait for a transaction that is open on its handle, and sees nothing of it',
  inWorlds(2, async (stage) => {
    const [a] = await stage.openAll(['A', 'B'])
    const seen = await stage.settle(
      a.db.transaction(async (tx) => {
        await tx.run("insert into t (v) values ('tx')")
        return await a.db.values('select v from t')
      }),
    )
    expect(seen).toEqual([])
    expect(await stage.values(a)).toEqual(['tx'])
  }),
  LIMIT,
)

test(
  'R13 a statement that names what this replica does not know yet is tried at the present version',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await stage.settle(a.db.exec('create table fresh (x); insert into fresh values (7)'))
    expect(await stage.settle(b.db.values('select x from fresh'))).toEqual([[7]])
    const unknown = stage.watch(b.db.values('select x from nowhere'))
    await stage.ended(unknown)
    expect(unknown.error?.code).toBe('SQL')
  }),
  LIMIT,
)

test(
  'R24 commits of many megabytes reach every tab in chunks, and reads of what is behind give the present',
  inWorlds(2, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    for (let i = 0; i < 3; i++) {
      await stage.settle(a.db.run('insert into t (v) values (hex(zeroblob(?)) || ?)', [1_500_000, i]))
      for (const { db } of [b, c])
        expect(await stage.settle(db.values('select count(*) from t'))).toEqual([[i + 1]])
    }
    await stage.rest()
    const { members } = await stage.settle(b.db.status())
    expect(members.map(({ replica }) => replica)).toEqual(['ready', 'ready', 'ready'])
    expect(stage.world.differingReplicas()).toEqual([])
  }),
  LIMIT,
)
