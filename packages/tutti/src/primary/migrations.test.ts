import { describe, expect, it } from 'vitest'
import { MigrationFailedError, MigrationMismatchError, SqlError } from '../errors/errors.ts'
import type { Migration } from '../protocol/values.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { EngineFixture, errorOf } from './testing/engine-fixture.ts'

const A = { name: 'a', sql: 'create table a(x integer primary key)' }
const B = {
  name: 'b',
  sql: 'create table b(x integer primary key, a references a); insert into b values (1, null)',
}
const C = { name: 'c', sql: 'create table c(x)' }

describe('migrations', () => {
  it('run once, in order, each in a commit of its own', async () => {
    const fixture = await EngineFixture.open({ migrations: [A] })
    expect(fixture.engine).toMatchObject({ schema: 1, version: 2 })
    fixture.reopen({ migrations: [A, B, C] })
    expect(fixture.engine).toMatchObject({ schema: 3, version: 5 })
    fixture.reopen({ migrations: [A, B, C] })
    expect(fixture.engine).toMatchObject({ schema: 3, version: 6 })
    expect(fixture.values('select count(*) from b')).toEqual([[1]])
  })

  it.each<[string, Migration[], RegExp]>([
    ['edited', [A, { ...B, sql: `${B.sql};` }], /Migration 2, "b", was edited/],
    ['renamed', [A, { ...B, name: 'bb' }], /Migration 2, "b", was renamed to "bb"/],
    ['reordered', [B, A], /Migration 1, "a", was removed or moved: "b"/],
    ['removed', [B], /Migration 1, "a", was removed or moved: "b"/],
  ])('one that was %s is a MigrationMismatchError that names it', async (_, migrations, message) => {
    const fixture = await EngineFixture.open({ migrations: [A, B] })
    const error = errorOf(() => fixture.reopen({ migrations }))
    expect(error).toBeInstanceOf(MigrationMismatchError)
    expect(error.message).toMatch(message)
  })

  it('R30: a database with more migrations than this build knows opens, and says so', async () => {
    const fixture = await EngineFixture.open({ migrations: [A, B, C] })
    fixture.reopen({ migrations: [A] })
    expect(fixture.engine.schema).toBe(3)
    expect(fixture.values('select count(*) from c')).toEqual([[0]])
  })

  it.each([
    ['a syntax error', 'create table d(x); insert into d valuess (1)', 'syntax error'],
    ['a constraint', 'create table d(x unique); insert into d values (1), (1)', 'UNIQUE'],
    [
      'a dangling reference',
      'create table d(x); insert into b values (2, 77)',
      'refer to rows that do not exist',
    ],
    [
      'OR ROLLBACK',
      'create table d(x unique); insert into d values (1); insert or rollback into d values (1)',
      'UNIQUE',
    ],
    ['BEGIN', 'create table d(x); commit; begin', 'not let in'],
    ['a reserved name', 'create table d(x); create table tutti_d(x)', 'belong to Tutti'],
    ['a reserved name by RENAME', 'create table d(x); alter table d rename to tutti_d', 'belong to Tutti'],
  ])('%s is a MigrationFailedError, and that migration is rolled back', async (_, sql, message) => {
    const store = createMemoryStore()
    const migrations = [A, B, { name: 'bad', sql }]
    const failing = EngineFixture.open({ store, migrations })
    await expect(failing).rejects.toThrow(MigrationFailedError)
    await expect(failing).rejects.toMatchObject({ sql, outcome: 'not-applied' })
    await expect(failing).rejects.toThrow(/Migration "bad" failed and was rolled back/)
    await expect(failing).rejects.toThrow(message)
    const { engine, values } = await reopened(store)
    expect(engine.schema).toBe(2)
    expect(values("select name from sqlite_schema where name like '%d' or name = 'd'")).toEqual([])
  })

  it('the failure keeps its cause and the result code', async () => {
    const migrations = [A, { name: 'bad', sql: 'insert into a values (1), (1)' }]
    const error: MigrationFailedError = await EngineFixture.open({ migrations }).then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown as MigrationFailedError,
    )
    expect(error.cause).toBeInstanceOf(SqlError)
    expect(error.resultCode).toBe(1555)
  })

  it('may rebuild a table that others refer to: foreign keys are off meanwhile, and on again after', async () => {
    const rebuild = {
      name: 'rebuild',
      sql: `create table new_a(x integer primary key, y);
            insert into new_a select x, 1 from a; drop table a; alter table new_a rename to a`,
    }
    const fill = { name: 'fill', sql: 'insert into a values (5); insert into b values (2, 5)' }
    const fixture = await EngineFixture.open({ migrations: [A, B, fill, rebuild] })
    expect(fixture.values('select * from a')).toEqual([[5, 1]])
    expect(fixture.values('pragma foreign_keys')).toEqual([[1]])
    expect(errorOf(() => fixture.run('insert into b values (3, 99)'))).toMatchObject({ resultCode: 787 })
  })

  it('say that they are alive while they run', async () => {
    let beats = 0
    const sql = `create table n(x);
      insert into n with recursive c(x) as (select 1 union all select x + 1 from c where x < 200000) select x from c`
    await EngineFixture.open({ migrations: [{ name: 'long', sql }], onProgress: () => beats++ })
    expect(beats).toBeGreaterThan(0)
  })
})

async function reopened(store: ReturnType<typeof createMemoryStore>) {
  const fixture = await EngineFixture.open({ store, migrations: [A, B] })
  return { engine: fixture.engine, values: (sql: string) => fixture.values(sql) }
}
