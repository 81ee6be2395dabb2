import { describe, expect, it } from 'vitest'
import type { SqlFunctions } from '../../protocol/functions.ts'
import type { Param, SqlValue } from '../../protocol/values.ts'
import { Connection } from '../connection.ts'
import { loadSqlite } from '../load-sqlite.ts'
import { ReadSets } from '../read-sets.ts'
import { StatementRunner } from '../statement-runner.ts'
import { checkFunctions } from './check-functions.ts'
import { installFunctions } from './install-functions.ts'
import { loadFunctions } from './load-functions.ts'

async function opened(definitions: SqlFunctions): Promise<Connection> {
  const sqlite = await loadSqlite()
  installFunctions(sqlite, checkFunctions({ default: definitions }))
  return new Connection(sqlite, { file: ':memory:', vfs: 'unix' })
}

function byLastLetter(a: string, b: string): number {
  const [x, y] = [a.at(-1) ?? '', b.at(-1) ?? '']
  return x < y ? -1 : x > y ? 1 : 0
}

const module = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

describe('functions of the app’s own', () => {
  it('P1.7: take and give the values of parameters and results', async () => {
    const seen: SqlValue[] = []
    const db = await opened({
      functions: {
        echo: {
          args: 1,
          call(value) {
            seen.push(value)
            return value
          },
        },
        yes: { args: 0, call: () => true },
        count_of: { call: (...all) => all.length },
      },
    })
    const values = [
      null,
      7,
      -(2 ** 40),
      2n ** 60n,
      1.5,
      'naïve \0 tune',
      '',
      new Uint8Array(),
      Uint8Array.of(1, 255),
    ]
    for (const value of values)
      expect(db.rows('select echo(?1), typeof(echo(?1)) = typeof(?1)', [value])).toEqual([[value, 1]])
    expect(seen).toEqual(values.flatMap((value) => [value, value]))
    expect(db.rows('select yes(), count_of(), count_of(1, 2, 3)')).toEqual([[1, 0, 3]])
    db.close()
  })

  it.each([
    ['undefined', undefined, 'odd() failed: it returned undefined: return null for NULL'],
    ['a promise', Promise.resolve(1), 'a promise: SQLite does not wait'],
    ['too large a bigint', 2n ** 63n, '64 bits'],
    ['an object', {}, 'a value of type object'],
  ])('P1.7: one that returns %s fails its statement', async (_, value, message) => {
    const db = await opened({ functions: { odd: { call: () => value as Param } } })
    expect(() => db.rows('select odd()')).toThrow(message)
    expect(db.rows('select 1')).toEqual([[1]])
    db.close()
  })

  it('P1.7: what one throws is the statement’s error', async () => {
    const db = await opened({
      functions: {
        refuse: {
          call() {
            throw new RangeError('not in this key')
          },
        },
      },
    })
    expect(() => db.rows('select refuse()')).toThrow('refuse() failed: not in this key')
    expect(db.rows('select 1')).toEqual([[1]])
    db.close()
  })

  it('P1.7: aggregates have a state for each group, and with inverse a window', async () => {
    const db = await opened({
      functions: {
        tally: {
          args: 1,
          start: () => 0,
          step: (sum: number, value: number) => sum + value,
          inverse: (sum: number, value: number) => sum - value,
          result: (sum: number) => sum,
        },
        joined: {
          start: () => [],
          step: (list: string[], value: string) => [...list, value],
          result: (list: string[]) => list.join('+'),
        },
      },
    })
    db.exec("create table t (k, n, s); insert into t values ('a', 1, 'x'), ('b', 2, 'y'), ('a', 3, 'z')")
    expect(db.rows('select k, tally(n), joined(s) from t group by k')).toEqual([
      ['a', 4, 'x+z'],
      ['b', 2, 'y'],
    ])
    expect(db.rows('select tally(n), joined(s) from t where 0')).toEqual([[0, '']])
    expect(
      db.rows('select tally(n) over (order by rowid rows between 1 preceding and current row) from t'),
    ).toEqual([[1], [3], [5]])
    db.close()
  })

  it('P1.7: only a deterministic one may stand in an index or a generated column', async () => {
    const db = await opened({
      functions: {
        slug: { args: 1, deterministic: true, call: (title) => String(title).toLowerCase() },
        luck: { call: () => Math.random() },
      },
    })
    db.exec(
      "create table t (title, s as (slug(title))); create index i on t (slug(title)); insert into t values ('The Kesh')",
    )
    expect(db.rows("select s from t where slug(title) = 'the kesh'")).toEqual([['the kesh']])
    expect(db.rows("explain query plan select s from t where slug(title) = 'the kesh'")[0]?.[3]).toContain(
      'INDEX i',
    )
    expect(() => db.exec('create index j on t (luck(title))')).toThrow('non-deterministic')
    db.close()
  })

  it('P1.7: views and triggers may call them, although the schema is not trusted', async () => {
    const db = await opened({ functions: { slug: { call: (title) => `${String(title)}!` } } })
    db.exec(`create table t (a); create view v as select slug(a) from t;
      create trigger r after insert on t begin update t set a = slug(a); end; insert into t values ('x')`)
    expect(db.rows('select * from v')).toEqual([['x!!']])
    db.close()
  })

  it('P1.3 P1.7: what a statement reads is known of one that calls deterministic ones; any other may change with every commit', async () => {
    const call = () => 1
    const aggregate = { start: () => 0, step: () => 0, result: () => 0 }
    const db = await opened({
      functions: {
        slug: { deterministic: true, call },
        Luck: { call },
        sorted: { deterministic: true, ...aggregate },
        drawn: { deterministic: false, ...aggregate },
      },
    })
    db.exec('create table t (a, b); create view v as select luck(a) as a from t')
    const runner = new StatementRunner({ connection: db, clock: { mono: () => 0 }, onProgress: () => {} })
    const sets = new ReadSets(db, runner)
    const known = ['select slug(a) from t', 'select sorted(a) from t', 'select sorted(slug(a)) from t']
    for (const sql of known) {
      const { everything, tables } = sets.of(sql)
      expect([everything, tables.get('t')?.columns]).toEqual([false, new Set(['a'])])
    }
    const unknown = [
      'select LUCK(a) from t',
      'select slug(luck(a)) from t',
      'select a from v',
      'select drawn(a) from t',
    ]
    for (const sql of unknown) expect(sets.of(sql).everything).toBe(true)
    db.close()
  })
})

describe('collations of the app’s own', () => {
  it('P1.7: order, compare and index texts', async () => {
    const db = await opened({ collations: { last: byLastLetter } })
    db.exec("create table t (a text collate last unique); insert into t values ('ac'), ('xb'), ('ba')")
    expect(db.rows('select a from t order by a')).toEqual([['ba'], ['xb'], ['ac']])
    expect(db.rows("select a from t where a = 'zb'")).toEqual([['xb']])
    expect(() => db.exec("insert into t values ('qa')")).toThrow('UNIQUE')
    db.close()
  })

  it('P1.7: one that throws fails its statement, the whole transaction is undone, and no index is harmed', async () => {
    let broken = false
    const db = await opened({
      collations: {
        last(a, b) {
          if (broken) throw new Error('no order today')
          return byLastLetter(a, b)
        },
      },
    })
    db.exec(
      "create table t (a text collate last); create index i on t (a); insert into t values ('ac'), ('ba')",
    )
    broken = true
    expect(() => db.rows('select a from t order by +a limit 1')).toThrow('last failed: no order today')
    db.exec('begin')
    expect(() => db.exec("insert into t values ('xb')")).toThrow('no order today')
    expect(db.autocommit).toBe(true)
    broken = false
    expect(db.rows('pragma integrity_check')).toEqual([['ok']])
    expect(db.rows('select count(*) from t')).toEqual([[2]])
    db.close()
  })
})

describe('the module of functions', () => {
  it('P1.7: exports them as its default or by name', async () => {
    const text = 'export const functions = { one: { call: () => 1 } }'
    expect(Object.keys((await loadFunctions(module(text))).functions ?? {})).toEqual(['one'])
    const byDefault = 'export default { collations: { folk: () => 0 } }'
    expect(Object.keys((await loadFunctions(module(byDefault))).collations ?? {})).toEqual(['folk'])
  })

  it.each([
    ['cannot be parsed', 'export const', 'could not be loaded'],
    ['throws', 'throw new Error("not today")', 'not today'],
    ['exports something else', 'export default 7', 'exports no'],
    ['has a function without call', 'export default { functions: { f: {} } }', "'start' of function 'f'"],
    [
      'mistypes a mark',
      'export default { functions: { f: { determinstic: true, call() {} } } }',
      "'determinstic'",
    ],
    ['counts arguments wrongly', 'export default { functions: { f: { args: 1.5, call() {} } } }', "'args'"],
    ['takes a reserved name', 'export default { functions: { tutti_f: { call() {} } } }', 'reserved'],
    ['has a collation that is none', 'export default { collations: { folk: 1 } }', "'folk'"],
  ])('P1.7 P4.1: one that %s is FunctionsFailedError', async (_, source, message) => {
    await expect(loadFunctions(module(source))).rejects.toMatchObject({
      code: 'FUNCTIONS_FAILED',
      message: expect.stringContaining(message) as string,
    })
  })

  it.each([
    { functions: { LOWER: { call: () => 1 } } },
    { functions: { bm25: { call: () => 1 } } },
    { collations: { nocase: () => 0 } },
  ])('P1.7: what SQLite has already is not defined anew: %j', async (definitions) => {
    await expect(opened(definitions)).rejects.toMatchObject({ code: 'FUNCTIONS_FAILED' })
  })
})
