import { beforeEach, describe, expect, it } from 'vitest'
import {
  AbortedError,
  OutdatedError,
  ParameterError,
  SqlError,
  StatementRefusedError,
  StatementTimeoutError,
} from '../errors/errors.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { WriteRequest } from './engine.ts'
import { EngineFixture, errorOf } from './testing/engine-fixture.ts'

const SCHEMA = `create table t(a integer primary key, b unique);
  create table parent(id integer primary key);
  create table child(p references parent deferrable initially deferred)`

let fixture: EngineFixture

beforeEach(async () => {
  fixture = await EngineFixture.open({ migrations: [{ name: 'schema', sql: SCHEMA }] })
})

function execute(call: StatementCall, request: WriteRequest = fixture.request()) {
  return fixture.engine.execute(call, request, fixture.limits())
}

describe('routing by what SQLite judges', () => {
  it('a read makes no commit and belongs to the present version', () => {
    const { version } = fixture.engine
    const read = execute({ op: 'statement', sql: 'select 1 as one', rows: 'all' })
    expect(read).toEqual({
      results: [{ columns: ['one'], rows: [[1]], changes: 0, lastInsertRowid: 0 }],
      version,
      commit: null,
    })
    expect(fixture.engine.version).toBe(version)
  })

  it('a write commits the next version, with its pages and what it touched', () => {
    const { version } = fixture.engine
    const { results, commit, version: of } = fixture.run('insert into t(b) values (5)')
    expect(results).toEqual([{ columns: [], rows: [], changes: 1, lastInsertRowid: 1 }])
    expect(of).toBe(version + 1)
    expect(commit).toMatchObject({
      version: version + 1,
      changes: { all: false, tables: { t: { rowids: [1], columns: null } } },
      rebuild: false,
    })
    expect(commit?.delta.numbers.length).toBeGreaterThan(0)
    expect(commit?.delta.databaseSize).toBe(fixture.engine.databaseSize)
  })

  it('INSERT … RETURNING writes, and gives back what was asked for', () => {
    const sql = 'insert into t(b) values (1), (2) returning b'
    const { results, commit } = execute({ op: 'statement', sql, rows: 'first' })
    expect(results[0]).toMatchObject({ columns: ['b'], rows: [[1]], changes: 2 })
    expect(commit).not.toBeNull()
    expect(fixture.values('select count(*) from t')).toEqual([[2]])
  })

  it('a write that changes nothing still commits its ledger row', () => {
    const request = fixture.request()
    const { commit, version } = fixture.run('delete from t where a = 99', [], request)
    expect(commit?.changes).toEqual({ all: false, tables: {} })
    expect(fixture.engine.recall(request.key)).toMatchObject({ version })
  })

  it('a call that asks to be read-only is refused when it would write', () => {
    const call = { op: 'statement', rows: 'all', readonly: true } as const
    const { version } = fixture.engine
    expect(execute({ ...call, sql: 'select 1' }).results[0]?.rows).toEqual([[1]])
    for (const sql of [
      'insert into t(b) values (1)',
      'create table x(a)',
      'pragma user_version = 3',
      'analyze',
    ]) {
      expect(errorOf(() => execute({ ...call, sql }))).toBeInstanceOf(StatementRefusedError)
    }
    expect(fixture.engine.version).toBe(version)
  })

  it('R30: a member that may not write still reads, and its writes are refused with the given error', () => {
    const refusal = new OutdatedError('Reload')
    const request = () => fixture.request({ refusal })
    expect(execute({ op: 'statement', sql: 'select 1', rows: 'all' }, request()).results[0]?.rows).toEqual([
      [1],
    ])
    const calls: StatementCall[] = [
      { op: 'statement', sql: 'insert into t(b) values (1)', rows: 'none' },
      { op: 'script', sql: 'select 1; insert into t(b) values (1)' },
      { op: 'batch', statements: [{ sql: 'select 1' }, { sql: 'insert into t(b) values (1)' }] },
    ]
    for (const call of calls) expect(errorOf(() => execute(call, request()))).toBe(refusal)
    fixture.engine.begin()
    fixture.inside('insert into t(b) values (1)')
    expect(errorOf(() => fixture.engine.commit(request()))).toBe(refusal)
    expect(fixture.engine.transactionOpen).toBe(false)
    fixture.engine.begin()
    fixture.inside('select * from t')
    expect(fixture.engine.commit(request()).commit).toBeNull()
    expect(fixture.values('select count(*) from t')).toEqual([[0]])
  })
})

describe('scripts and batches', () => {
  it('a script is one transaction, one commit', () => {
    const { version } = fixture.engine
    const { results, commit } = fixture.exec(`
      create table x(a); -- a comment; with a semicolon
      insert into x values ('a;b');
      create trigger tr after insert on x begin insert into t(b) values (new.a); end;
      insert into x values ('c')`)
    expect(results).toEqual([])
    expect(commit?.version).toBe(version + 1)
    expect(fixture.values('select a from x')).toEqual([['a;b'], ['c']])
    expect(fixture.values('select b from t')).toEqual([['c']])
  })

  it('a batch answers each statement, in one commit', () => {
    const { results, commit } = execute({
      op: 'batch',
      statements: [
        { sql: 'insert into t(b) values (?)', params: ['x'] },
        { sql: 'select b from t where b = $b', params: { b: 'x' } },
        { sql: 'update t set b = 1 where a = 77' },
      ],
    })
    expect(results.map(({ rows, changes }) => ({ rows, changes }))).toEqual([
      { rows: [], changes: 1 },
      { rows: [['x']], changes: 0 },
      { rows: [], changes: 0 },
    ])
    expect(commit?.changes.tables).toEqual({ t: { rowids: [1], columns: null } })
  })

  it('read-only ones make no commit', () => {
    const { version } = fixture.engine
    const statements = [{ sql: 'select 1' }, { sql: 'select count(*) from t' }]
    expect(execute({ op: 'batch', statements }).commit).toBeNull()
    expect(fixture.exec('select 1; select 2').commit).toBeNull()
    expect(fixture.exec(' ').results).toEqual([])
    expect(fixture.engine.version).toBe(version)
  })

  it('one that fails leaves nothing, wherever it fails', () => {
    const { version } = fixture.engine
    const statements = [{ sql: 'insert into t(b) values (1)' }, { sql: 'insert into t(b) values (1)' }]
    expect(errorOf(() => execute({ op: 'batch', statements }))).toMatchObject({
      code: 'SQL',
      outcome: 'not-applied',
    })
    expect(() => fixture.exec('create table y(a); insert into nowhere values (1)')).toThrow(
      'no such table: nowhere',
    )
    expect(() => fixture.exec('create table y(a); commit')).toThrow('not let in')
    expect(
      fixture.values("select count(*) from t union all select count(*) from sqlite_schema where name = 'y'"),
    ).toEqual([[0], [0]])
    expect(fixture.engine.version).toBe(version)
  })

  it('a batch with wrong parameters is a ParameterError', () => {
    const statements = [{ sql: 'insert into t(b) values (1)' }, { sql: 'insert into t(b) values (?)' }]
    expect(errorOf(() => execute({ op: 'batch', statements }))).toBeInstanceOf(ParameterError)
    expect(fixture.values('select count(*) from t')).toEqual([[0]])
  })
})

describe('failures', () => {
  it('a constraint is an SqlError, not applied, and the next write works', () => {
    fixture.run('insert into t(b) values (1)')
    const error = errorOf(() => fixture.run('insert into t(b) values (1)'))
    expect(error).toBeInstanceOf(SqlError)
    expect(error).toMatchObject({
      resultCode: 2067,
      outcome: 'not-applied',
      sql: 'insert into t(b) values (1)',
    })
    expect(fixture.run('insert into t(b) values (2)').commit).not.toBeNull()
  })

  it('R16: neither OR ROLLBACK nor a deferred foreign key disturbs what other requests committed', () => {
    const first = fixture.run("insert into t values (1, 'first')")
    const [a, b] = [fixture.request(), fixture.request()]
    expect(errorOf(() => fixture.run("insert or rollback into t values (1, 'second')", [], a))).toMatchObject(
      {
        code: 'SQL',
        outcome: 'not-applied',
      },
    )
    const error = errorOf(() => fixture.run('insert into child values (99)', [], b))
    expect(error).toMatchObject({
      code: 'SQL',
      resultCode: 787,
      outcome: 'not-applied',
      sql: 'insert into child values (99)',
    })
    const last = fixture.run("insert into t values (2, 'last')")
    expect(last.version).toBe(first.version + 1)
    expect(fixture.values('select b from t')).toEqual([['first'], ['last']])
    expect(fixture.engine.recall(a.key)).toBeUndefined()
    expect(fixture.engine.recall(b.key)).toBeUndefined()
  })

  it('R18: SQLite ending the transaction inside a script rolls back all of it', () => {
    const script =
      "insert into t values (1, 'x'); insert or rollback into t values (1, 'y'); insert into t values (2, 'z')"
    expect(errorOf(() => fixture.exec(script))).toMatchObject({ code: 'SQL', outcome: 'not-applied' })
    fixture.exec(`create trigger tr before insert on parent begin select raise(rollback, 'no parents'); end`)
    expect(() => fixture.exec('insert into t values (1, 1); insert into parent values (1)')).toThrow(
      'no parents',
    )
    expect(fixture.values('select count(*) from t')).toEqual([[0]])
    expect(fixture.run('insert into t values (3, 3)').commit).not.toBeNull()
  })

  it('R23: a write past its deadline is rolled back, and one that is cancelled too', () => {
    const call = {
      op: 'statement',
      sql: 'insert into t(b) with recursive c(x) as (select 1 union all select x + 1 from c) select x from c',
      rows: 'none',
    } as const
    const within = (limits: object) => () =>
      fixture.engine.execute(call, fixture.request(), fixture.limits(limits))
    expect(errorOf(within({ deadline: fixture.clock.mono() + 200 }))).toBeInstanceOf(StatementTimeoutError)
    expect(errorOf(within({ cancelled: () => true }))).toBeInstanceOf(AbortedError)
    expect(fixture.values('select count(*) from t')).toEqual([[0]])
    expect(fixture.run('insert into t values (3, 3)').commit).not.toBeNull()
  })

  it('R21: an ALTER TABLE cannot take a reserved name', () => {
    const error = errorOf(() => fixture.run('alter table t rename to tutti_t'))
    expect(error).toBeInstanceOf(StatementRefusedError)
    expect(fixture.values('select count(*) from t')).toEqual([[0]])
  })

  it('R22: the counters of others are not shown', () => {
    expect(errorOf(() => fixture.run('insert into t(b) values (last_insert_rowid())'))).toBeInstanceOf(
      StatementRefusedError,
    )
  })
})
