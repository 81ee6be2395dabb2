import { beforeEach, describe, expect, it } from 'vitest'
import type { ChangeSet } from '../protocol/values.ts'
import { EngineFixture } from './testing/engine-fixture.ts'

let fixture: EngineFixture

beforeEach(async () => {
  fixture = await EngineFixture.open({
    migrations: [
      {
        name: 'tables',
        sql: `create table t(a integer primary key, b unique);
              create table w(k text primary key, v) without rowid;
              create table log(a);
              create table auto(a integer primary key autoincrement, b);
              create table parent(id integer primary key);
              create table child(id integer primary key, p references parent on delete cascade);
              create virtual table f using fts5(body)`,
      },
    ],
  })
})

function changesOf(sql: string): ChangeSet | undefined {
  return fixture.run(sql).commit?.changes
}

function tablesOf(sql: string): ChangeSet['tables'] {
  return changesOf(sql)?.tables ?? {}
}

describe('change sets', () => {
  it('name the rows that were inserted, updated and deleted, and leave out the tables of Tutti', () => {
    expect(changesOf('insert into t values (1, 10), (2, 20)')).toEqual({
      all: false,
      tables: { t: { rowids: [1, 2] } },
    })
    expect(tablesOf('update t set b = 11 where a = 1')).toEqual({ t: { rowids: [1] } })
    expect(tablesOf('update t set a = 9 where a = 1')).toEqual({ t: { rowids: [1, 9] } })
    expect(tablesOf('delete from t where a = 2')).toEqual({ t: { rowids: [2] } })
    expect(tablesOf('update t set b = 1 where a = 77')).toEqual({})
  })

  it('see DELETE without WHERE, the victims of REPLACE, triggers and cascades', () => {
    fixture.run('insert into t values (1, 10), (2, 20)')
    expect(tablesOf('replace into t values (3, 10)')).toEqual({ t: { rowids: [1, 3] } })
    expect(tablesOf('delete from t')).toEqual({ t: { rowids: [2, 3] } })
    fixture.run('insert into parent values (1)')
    fixture.run('insert into child values (5, 1)')
    expect(tablesOf('delete from parent')).toEqual({ parent: { rowids: [1] }, child: { rowids: [5] } })
    fixture.run('create trigger tr after insert on t begin insert into log values (new.a); end')
    expect(tablesOf('insert into t values (4, 40)')).toEqual({ t: { rowids: [4] }, log: { rowids: [1] } })
  })

  it('name tables WITHOUT ROWID as a whole', () => {
    expect(tablesOf("insert into w values ('a', 1)")).toEqual({ w: { rowids: null } })
    expect(tablesOf('delete from w')).toEqual({ w: { rowids: null } })
  })

  it('name a virtual table when its shadow tables change', () => {
    expect(tablesOf("insert into f values ('the kesh')")).toMatchObject({ f: { rowids: null } })
  })

  it('name sqlite_sequence with an AUTOINCREMENT table', () => {
    expect(tablesOf('insert into auto(b) values (1)')).toMatchObject({ sqlite_sequence: { rowids: null } })
  })

  it('name a table as a whole past 1,000 rows, and keep wide rowids', () => {
    const rows = (n: number) =>
      `insert into log with recursive c(x) as (select 1 union all select x + 1 from c where x < ${n}) select x from c`
    expect(tablesOf(rows(1000)).log?.rowids).toHaveLength(1000)
    expect(tablesOf(rows(1001))).toEqual({ log: { rowids: null } })
    expect(tablesOf('insert into t values (9007199254740993, 1)')).toEqual({
      t: { rowids: [9007199254740993n] },
    })
  })

  it('say "everything" for a changed schema, user_version or application_id', () => {
    const everything = { all: true, tables: {} }
    expect(changesOf('create table u(a)')).toEqual(everything)
    expect(changesOf('alter table u add column b')).toEqual(everything)
    expect(changesOf('pragma user_version = 5')).toEqual(everything)
    expect(changesOf('pragma application_id = 5')).toEqual(everything)
    expect(changesOf('pragma user_version = 5')).toEqual({ all: false, tables: {} })
    expect(changesOf('insert into u(a) values (1)')).toEqual({ all: false, tables: { u: { rowids: [1] } } })
  })

  it('hold nothing of what was rolled back', () => {
    fixture.engine.begin()
    fixture.inside('insert into t values (1, 1)')
    fixture.engine.rollback()
    expect(() => fixture.run("insert into w values ('a', 1), ('b', 1), ('a', 1)")).toThrow('UNIQUE')
    expect(tablesOf('insert into t values (2, 2)')).toEqual({ t: { rowids: [2] } })
  })
})
