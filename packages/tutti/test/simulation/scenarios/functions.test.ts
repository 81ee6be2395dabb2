import { expect, test } from 'vitest'
import { FunctionMissingError, SqlError } from '../../../src/errors/errors.ts'
import { installFunctions } from '../../../src/sqlite/functions/install-functions.ts'
import { loadSqlite } from '../../../src/sqlite/load-sqlite.ts'
import { inWorlds, TABLE } from './stage.ts'

const LIMIT = 300_000
const OLDER = 'https://practice.test/functions-1.js'
const NEWER = 'https://practice.test/functions-2.js'
/** The newer build brings a function and an index of it, in one migration. */
const WITH_INDEX = [...TABLE, { name: '2 slug', sql: 'create index by_slug on t (slug(v))' }]

const plain = { args: 1, deterministic: true, call: (text: unknown) => String(text) }
const slug = { args: 1, deterministic: true, call: (text: unknown) => String(text).toLowerCase() }
const unlucky = {
  call() {
    throw new Error('an unlucky number')
  },
}
const [older, newer] = await Promise.all([loadSqlite(), loadSqlite()])
installFunctions(older, { functions: { plain, unlucky } })
installFunctions(newer, { functions: { plain, unlucky, slug } })
const FUNCTIONS = new Map([
  [OLDER, older],
  [NEWER, newer],
])

test(
  'P1.7 P7 R13 a tab of an older build reads by the newer one’s functions, and harms no index where it is the primary',
  inWorlds(4, async (stage) => {
    for (const [url, sqlite] of FUNCTIONS) stage.world.shared.functions.set(url, sqlite)
    const [a] = await stage.openAll(['A'], { functions: OLDER, writeWhenAhead: true })
    await stage.settle(a.db.run("insert into t (v) values (plain('The Kesh'))"))
    const early = stage.watch(a.db.values('select slug(v) from t'))
    await stage.ended(early)
    expect(early.error).toBeInstanceOf(FunctionMissingError)

    const b = await stage.open('B', { functions: NEWER, migrations: WITH_INDEX })
    await stage.settle(b.db.run("insert into t (v) values ('Banish')"))
    expect(await stage.settle(a.db.values('select slug(v) from t order by id'))).toEqual([
      ['the kesh'],
      ['banish'],
    ])

    b.tab.kill()
    await stage.rest()
    const write = stage.watch(a.db.run("insert into t (v) values ('The Lark')"))
    await stage.ended(write)
    expect(write.error).toBeInstanceOf(FunctionMissingError)
    expect(write.error?.outcome).toBe('not-applied')
    const read = stage.watch(a.db.values('select slug(v) from t'))
    await stage.ended(read)
    expect(read.error).toBeInstanceOf(FunctionMissingError)
    expect(await stage.values(a)).toEqual(['The Kesh', 'Banish'])

    const c = await stage.open('C', { functions: NEWER, migrations: WITH_INDEX })
    await stage.settle(c.db.run("insert into t (v) values ('The Lark')"))
    expect(await stage.settle(c.db.values('pragma integrity_check'))).toEqual([['ok']])
  }),
  LIMIT,
)

test(
  'P1.7 a function that throws is its statement’s error wherever it runs, and a transaction goes on without it',
  inWorlds(4, async (stage) => {
    for (const [url, sqlite] of FUNCTIONS) stage.world.shared.functions.set(url, sqlite)
    const players = await stage.openAll(['A', 'B'], { functions: OLDER, syncReads: true })
    for (const { db } of players) {
      expect(db.sync.values("select plain('here')")).toEqual([['here']])
      for (const sql of ['select unlucky()', 'insert into t (v) values (unlucky())']) {
        const call = stage.watch(db.run(sql))
        await stage.ended(call)
        expect(call.error).toBeInstanceOf(SqlError)
        expect(call.error?.message).toBe('unlucky() failed: an unlucky number')
      }
    }
    const [a, b] = players
    const undone = stage.watch(
      b.db.transaction(async (tx) => {
        await tx.run("insert into t (v) values ('undone')")
        await tx.run('update t set v = unlucky()')
      }),
    )
    await stage.ended(undone)
    expect(undone.error).toMatchObject({ code: 'SQL', message: 'unlucky() failed: an unlucky number' })
    expect(await stage.values(a)).toEqual([])
  }),
  LIMIT,
)
