import { expect, it } from 'vitest'
import { installFunctions } from '../sqlite/functions/install-functions.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { EngineFixture, errorOf } from './testing/engine-fixture.ts'

const MIGRATIONS = [
  {
    name: 'tune',
    sql: `create table tune (title text unique, plays int check (plays is null or fair(plays)));
      create index by_slug on tune (slug(title)); create table other (n)`,
  },
]

async function withFunctions() {
  const sqlite = await loadSqlite()
  installFunctions(sqlite, {
    functions: {
      slug: { args: 1, deterministic: true, call: (title) => String(title).toLowerCase() },
      fair: {
        args: 1,
        deterministic: true,
        call(plays) {
          if (plays === 13) throw new Error('an unlucky number')
          return true
        },
      },
    },
  })
  return sqlite
}

it('P1.7: a function that throws in a write is SqlError with its message, and the write is undone', async () => {
  const fixture = await EngineFixture.open({ sqlite: await withFunctions(), migrations: MIGRATIONS })
  fixture.run("insert into tune values ('The Kesh', 12)")
  expect(errorOf(() => fixture.run("insert into tune values ('x', 1), ('y', 13)"))).toMatchObject({
    code: 'SQL',
    outcome: 'not-applied',
    message: 'fair() failed: an unlucky number',
  })
  expect(fixture.values('select title, slug(title) from tune')).toEqual([['The Kesh', 'the kesh']])
})

it('P1.7 P7: a build that lacks a function is told so, typed, and harms no index', async () => {
  const store = createMemoryStore()
  const sqlite = await withFunctions()
  const fixture = await EngineFixture.open({ store, sqlite, migrations: MIGRATIONS })
  fixture.run("insert into tune values ('The Kesh', 12)")
  const without = await loadSqlite()
  const more = [...MIGRATIONS, { name: 'more', sql: 'create table more (n)' }]
  // Both look through the file where they can: it is no damage that this build cannot.
  for (const options of [{ check: true, migrations: MIGRATIONS }, { migrations: more }]) {
    fixture.reopen({ ...options, sqlite: without })
    for (const sql of [
      "insert into tune values ('x', 1)",
      "update tune set title = 'x'",
      "delete from tune where title = 'The Kesh'",
    ]) {
      expect(errorOf(() => fixture.run(sql))).toMatchObject({
        name: 'FunctionMissingError',
        code: 'FUNCTION_MISSING',
        outcome: 'not-applied',
        message: expect.stringMatching(/(slug|fair)\(\): neither SQLite defines it/) as string,
      })
    }
    expect(errorOf(() => fixture.values("select slug('x')"))).toMatchObject({ code: 'FUNCTION_MISSING' })
    fixture.run('insert into other values (1)')
    expect(fixture.values('select title from tune')).toEqual([['The Kesh']])
  }
  fixture.reopen({ sqlite, migrations: more })
  expect(fixture.values('pragma integrity_check')).toEqual([['ok']])
  expect(fixture.values("select title from tune where slug(title) = 'the kesh'")).toEqual([['The Kesh']])
})

it('P1.7 R18: a collation that throws ends an interactive transaction', async () => {
  const sqlite = await loadSqlite()
  let broken = false
  installFunctions(sqlite, {
    collations: {
      folk(a, b) {
        if (broken) throw new Error('no order today')
        return a < b ? -1 : a > b ? 1 : 0
      },
    },
  })
  const migrations = [{ name: 't', sql: 'create table t (a text collate folk); create index i on t (a)' }]
  const fixture = await EngineFixture.open({ sqlite, migrations })
  fixture.run("insert into t values ('a'), ('c')")
  fixture.engine.begin()
  broken = true
  expect(errorOf(() => fixture.inside("insert into t values ('b')")).message).toContain('no order today')
  broken = false
  expect(errorOf(() => fixture.inside('select 1'))).toMatchObject({ code: 'TRANSACTION_ABORTED' })
  fixture.engine.rollback()
  expect(fixture.values('pragma integrity_check')).toEqual([['ok']])
  expect(fixture.values('select a from t order by a')).toEqual([['a'], ['c']])
})
