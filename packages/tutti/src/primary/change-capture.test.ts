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
              create table g(a integer primary key, b, c as (b || 'x'), d as (b + 1) stored, e);
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
      tables: { t: { rowids: [1, 2], columns: null } },
    })
    expect(tablesOf('update t set b = 11 where a = 1')).toEqual({ t: { rowids: [1], columns: ['b'] } })
    expect(tablesOf('update t set a = 9 where a = 1')).toEqual({ t: { rowids: [1, 9], columns: null } })
    expect(tablesOf('delete from t where a = 2')).toEqual({ t: { rowids: [2], columns: null } })
    expect(tablesOf('update t set b = 1 where a = 77')).toEqual({})
  })

  it('name the columns that updates gave other values, in whichever statement and row', () => {
    fixture.run("insert into g(a, b, e) values (1, 1, 'x'), (2, 2, 'y')")
    const columnsOf = (sql: string) => tablesOf(sql).g?.columns
    expect(columnsOf('update g set e = 7 where a = 1')).toEqual(['e', 'c', 'd'])
    expect(columnsOf('update g set b = b, e = e')).toEqual([])
    expect(columnsOf('update g set e = 7.0 where a = 1')).toEqual(['e', 'c', 'd'])
    expect(columnsOf("update g set e = x'79' where a = 2")).toEqual(['e', 'c', 'd'])
    fixture.engine.begin()
    fixture.inside('update g set b = 5 where a = 1')
    fixture.inside('update g set e = null')
    expect(fixture.engine.commit(fixture.request()).commit?.changes.tables).toEqual({
      g: { rowids: [1, 2], columns: ['b', 'e', 'c', 'd'] },
    })
  })

  it('name all columns where rows came, went or moved, and past 5,000 updated rows', () => {
    fixture.run('insert into t(a, b) values (1, 10), (2, 20)')
    expect(tablesOf('update t set a = 9 where a = 1').t?.columns).toBeNull()
    expect(tablesOf('insert into t values (2, 21) on conflict do update set b = 21').t?.columns).toEqual([
      'b',
    ])
    expect(tablesOf('replace into t values (2, 22)').t?.columns).toBeNull()
    fixture.run(
      `insert into g(b) with recursive c(x) as (select 1 union all select x + 1 from c where x < 5001) select x from c`,
    )
    expect(tablesOf('update g set e = 1').g).toEqual({ rowids: null, columns: null })
    expect(tablesOf('update g set e = 2 where a <= 5000').g?.columns).toEqual(['e', 'c', 'd'])
  })

  it('see DELETE without WHERE, the victims of REPLACE, triggers and cascades', () => {
    fixture.run('insert into t values (1, 10), (2, 20)')
    expect(tablesOf('replace into t values (3, 10)')).toEqual({ t: { rowids: [1, 3], columns: null } })
    expect(tablesOf('delete from t')).toEqual({ t: { rowids: [2, 3], columns: null } })
    fixture.run('insert into parent values (1)')
    fixture.run('insert into child values (5, 1)')
    expect(tablesOf('delete from parent')).toEqual({
      parent: { rowids: [1], columns: null },
      child: { rowids: [5], columns: null },
    })
    fixture.run('create trigger tr after insert on t begin insert into log values (new.a); end')
    expect(tablesOf('insert into t values (4, 40)')).toEqual({
      t: { rowids: [4], columns: null },
      log: { rowids: [1], columns: null },
    })
  })

  it('name tables WITHOUT ROWID as a whole', () => {
    expect(tablesOf("insert into w values ('a', 1)")).toEqual({ w: { rowids: null, columns: null } })
    expect(tablesOf('delete from w')).toEqual({ w: { rowids: null, columns: null } })
  })

  it('name a virtual table when its shadow tables change', () => {
    expect(tablesOf("insert into f values ('the kesh')")).toMatchObject({
      f: { rowids: null, columns: null },
    })
    fixture.run('create virtual table f_x using fts5(body)')
    const touched = tablesOf("insert into f_x values ('the kesh')")
    expect([touched['f'], touched['f_x']]).toEqual([undefined, { rowids: null, columns: null }])
  })

  it('name sqlite_sequence with an AUTOINCREMENT table', () => {
    expect(tablesOf('insert into auto(b) values (1)')).toMatchObject({
      sqlite_sequence: { rowids: null, columns: null },
    })
  })

  it('name a table as a whole past 1,000 rows, and keep wide rowids', () => {
    const rows = (n: number) =>
      `insert into log with recursive c(x) as (select 1 union all select x + 1 from c where x < ${n}) select x from c`
    expect(tablesOf(rows(1000)).log?.rowids).toHaveLength(1000)
    expect(tablesOf(rows(1001))).toEqual({ log: { rowids: null, columns: null } })
    expect(tablesOf('insert into t values (9007199254740993, 1)')).toEqual({
      t: { rowids: [9007199254740993n], columns: null },
    })
  })

  it('say "everything" for a changed schema, user_version or application_id', () => {
    const everything = { all: true, tables: {} }
    expect(changesOf('create table u(a)')).toEqual(everything)
    expect(changesOf('alter table u add column b')).toEqual(everything)
    expect(changesOf('pragma user_version = 5')).toEqual(everything)
    expect(changesOf('pragma application_id = 5')).toEqual(everything)
    expect(changesOf('pragma user_version = 5')).toEqual({ all: false, tables: {} })
    expect(changesOf('insert into u(a) values (1)')).toEqual({
      all: false,
      tables: { u: { rowids: [1], columns: null } },
    })
  })

  it('hold nothing of what was rolled back', () => {
    fixture.engine.begin()
    fixture.inside('insert into t values (1, 1)')
    fixture.engine.rollback()
    expect(() => fixture.run("insert into w values ('a', 1), ('b', 1), ('a', 1)")).toThrow('UNIQUE')
    expect(tablesOf('insert into t values (2, 2)')).toEqual({ t: { rowids: [2], columns: null } })
  })
})
