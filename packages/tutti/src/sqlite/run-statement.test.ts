import { beforeEach, describe, expect, it } from 'vitest'
import { AbortedError, ParameterError, SqlError, StatementTimeoutError } from '../errors/errors.ts'
import type { Params } from '../protocol/values.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { openPrimaryConnection } from '../storage/primary-connection.ts'
import type { Connection } from './connection.ts'
import { HEARTBEAT, type Limits, UNLIMITED } from './deadline.ts'
import { loadSqlite } from './load-sqlite.ts'
import type { Rows } from './run-statement.ts'
import { SCOPES } from './scope.ts'
import { StatementRunner } from './statement-runner.ts'

const sqlite = await loadSqlite()
const ENDLESS = 'with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c'

let now = 0
let beats = 0
let connection: Connection
let runner: StatementRunner

beforeEach(() => {
  now = 0
  beats = 0
  connection = openPrimaryConnection(sqlite, createMemoryStore()).connection
  connection.exec('create table t(a integer primary key, b unique)')
  runner = new StatementRunner({
    connection,
    clock: { mono: () => now++ },
    onProgress: () => beats++,
  })
})

function run(sql: string, params?: Params, rows: Rows = 'all', limits: Limits = UNLIMITED) {
  const prepared = runner.prepare(sql, SCOPES.single)
  try {
    return runner.run(prepared, { params, rows, scope: SCOPES.single, limits })
  } finally {
    prepared.release()
  }
}

describe('results', () => {
  it('columns are there also without rows', () => {
    expect(run('select a, b as "the b" from t')).toEqual({
      columns: ['a', 'the b'],
      rows: [],
      changes: 0,
      lastInsertRowid: 0,
    })
    expect(run('select a from t', undefined, 'none').columns).toEqual(['a'])
    expect(run('delete from t returning b').columns).toEqual(['b'])
  })

  it('changes are those of the statement itself', () => {
    expect(run('insert into t(b) values (1), (2), (3)').changes).toBe(3)
    expect(run('select 1').changes).toBe(0)
    expect(run('create table u(a)').changes).toBe(0)
    expect(run('create virtual table f using fts5(a)').changes).toBe(0)
    expect(run('update t set b = b + 10').changes).toBe(3)
    expect(run('delete from t where a = 99').changes).toBe(0)
  })

  it('lastInsertRowid is of this statement, 0 when it inserted nothing', () => {
    expect(run('insert into t(a) values (7)').lastInsertRowid).toBe(7)
    expect(run('update t set b = 1').lastInsertRowid).toBe(0)
    expect(run('insert into t(a) values (9007199254740993)').lastInsertRowid).toBe(9007199254740993n)
  })

  it('first gives one row and lets a write run to its end', () => {
    expect(run('insert into t(b) values (1), (2), (3) returning b', undefined, 'first').rows).toEqual([[1]])
    expect(connection.scalar('select count(*) from t')).toBe(3)
    expect(run('select b from t', undefined, 'first').rows).toEqual([[1]])
  })

  it('a wrong parameter is a ParameterError, and nothing ran', () => {
    expect(() => run('insert into t(b) values (?)')).toThrow(ParameterError)
    expect(() => run('insert into t(b) values (?)', [1, 2])).toThrow('surplus')
    expect(connection.scalar('select count(*) from t')).toBe(0)
  })

  it('a result that would take the tab with it is an error', () => {
    const sql =
      'with recursive c(x) as (select 1 union all select x + 1 from c) select zeroblob(10000000) from c'
    expect(() => run(sql)).toThrow('larger than 256 MiB')
    expect(run('select 1').rows).toEqual([[1]])
  })

  it('a constraint is an SqlError with the extended code and the SQL', () => {
    run('insert into t(b) values (1)')
    const sql = 'insert into t(b) values (1)'
    const error = catchError(() => run(sql))
    expect(error).toBeInstanceOf(SqlError)
    expect(error).toMatchObject({ resultCode: 2067, sql, outcome: 'not-applied' })
  })

  it('more statements than the cache keeps can be in use at once', () => {
    const all = Array.from({ length: 200 }, (_, i) => runner.prepare(`select ${i}`, SCOPES.single))
    const limits = UNLIMITED
    const rows = all.map(
      (each) => runner.run(each, { rows: 'all', scope: SCOPES.single, limits }).rows[0]?.[0],
    )
    for (const each of all) each.release()
    expect(rows).toEqual(all.map((_, i) => i))
  })
})

describe('R23: deadlines', () => {
  it('an endless statement ends at its deadline, and the next one runs', () => {
    const error = catchError(() => run(ENDLESS, undefined, 'all', { deadline: 500, cancelled: () => false }))
    expect(error).toBeInstanceOf(StatementTimeoutError)
    expect(error).toMatchObject({ resultCode: 9, sql: ENDLESS })
    expect(run('select 1').rows).toEqual([[1]])
  })

  it('says that it is alive while a statement runs', () => {
    catchError(() => run(ENDLESS, undefined, 'all', { deadline: 10 * HEARTBEAT, cancelled: () => false }))
    expect(beats).toBeGreaterThan(5)
    expect(beats).toBeLessThanOrEqual(10)
  })

  it('many short statements of one call have one deadline and one heartbeat', () => {
    const limits = { deadline: now + 10 * HEARTBEAT, cancelled: () => false }
    let ran = 0
    const error = catchError(() => {
      for (; ran < 1000; ran++) run('select 1', undefined, 'all', limits)
    })
    expect(error).toBeInstanceOf(StatementTimeoutError)
    expect(ran).toBeGreaterThan(0)
    expect(beats).toBeGreaterThan(5)
    run('select 1')
  })

  it('a cancelled statement is an AbortedError', () => {
    const error = catchError(() =>
      run(ENDLESS, undefined, 'all', { ...UNLIMITED, cancelled: () => beats > 2 }),
    )
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ name: 'AbortError' })
  })

  it('an interrupted write has the outcome not-applied', () => {
    const sql =
      'insert into t(b) with recursive c(x) as (select 1 union all select x + 1 from c) select x from c'
    const error = catchError(() => run(sql, undefined, 'none', { deadline: 300, cancelled: () => false }))
    expect(error).toMatchObject({ code: 'STATEMENT_TIMEOUT', outcome: 'not-applied' })
    expect(connection.scalar('select count(*) from t')).toBe(0)
  })
})

function catchError(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
