import { beforeEach, describe, expect, it } from 'vitest'
import { StatementTimeoutError, TransactionAbortedError } from '../errors/errors.ts'
import { EngineFixture, errorOf, OTHER } from './testing/engine-fixture.ts'

const SCHEMA = `create table t(a integer primary key, b);
  create table parent(id integer primary key);
  create table child(p references parent deferrable initially deferred)`

let fixture: EngineFixture

beforeEach(async () => {
  fixture = await EngineFixture.open({ migrations: [{ name: 'schema', sql: SCHEMA }] })
})

function count() {
  return fixture.values('select count(*) from t')[0]?.[0]
}

describe('interactive transactions', () => {
  it('see their own writes and commit as one version', () => {
    const { engine } = fixture
    const { version } = engine
    engine.begin()
    expect(engine.transactionOpen).toBe(true)
    fixture.inside("insert into t values (1, 'x')")
    expect(fixture.inside('select * from t')?.rows).toEqual([[1, 'x']])
    fixture.inside("update t set b = 'y'")
    const { commit, results } = engine.commit(fixture.request())
    expect(results).toEqual([])
    expect(commit).toMatchObject({
      version: version + 1,
      changes: { tables: { t: { rowids: [1], columns: null } } },
    })
    expect(engine.transactionOpen).toBe(false)
    expect(fixture.values('select b from t')).toEqual([['y']])
  })

  it('leave nothing when rolled back', () => {
    const { version } = fixture.engine
    fixture.engine.begin()
    fixture.inside('create table u(a)')
    fixture.inside("insert into t values (1, 'x')")
    fixture.engine.rollback()
    expect(fixture.engine).toMatchObject({ version, transactionOpen: false })
    expect(count()).toBe(0)
    expect(errorOf(() => fixture.values('select * from u'))).toMatchObject({ code: 'SQL' })
  })

  it('go on after a statement that failed', () => {
    fixture.engine.begin()
    fixture.inside("insert into t values (1, 'x')")
    expect(errorOf(() => fixture.inside("insert into t values (1, 'y')"))).toMatchObject({
      code: 'SQL',
      outcome: 'not-applied',
    })
    fixture.inside("insert into t values (2, 'z')")
    expect(fixture.engine.commit(fixture.request()).commit).not.toBeNull()
    expect(count()).toBe(2)
  })

  it('a batch or a script inside is all or nothing', () => {
    fixture.engine.begin()
    fixture.inside("insert into t values (1, 'x')")
    const statements = [{ sql: 'insert into t values (2, 2)' }, { sql: 'insert into t values (1, 1)' }]
    expect(() => fixture.engine.inTransaction({ op: 'batch', statements }, fixture.limits())).toThrow(
      'UNIQUE',
    )
    const sql = 'create table u(a); insert into t values (3, 3); insert into nowhere values (1)'
    expect(() => fixture.engine.inTransaction({ op: 'script', sql }, fixture.limits())).toThrow('nowhere')
    fixture.engine.inTransaction({ op: 'script', sql: 'insert into t values (4, 4)' }, fixture.limits())
    fixture.engine.commit(fixture.request())
    expect(fixture.values('select a from t')).toEqual([[1], [4]])
  })

  it('R18: one that SQLite ended is dead: further calls and COMMIT say so, nothing of it stays', () => {
    fixture.engine.begin()
    fixture.inside("insert into t values (1, 'x')")
    expect(errorOf(() => fixture.inside("insert or rollback into t values (1, 'y')"))).toMatchObject({
      code: 'SQL',
    })
    expect(fixture.engine.transactionOpen).toBe(true)
    expect(errorOf(() => fixture.inside("insert into t values (2, 'z')"))).toBeInstanceOf(
      TransactionAbortedError,
    )
    const request = fixture.request()
    const error = errorOf(() => fixture.engine.commit(request))
    expect(error).toBeInstanceOf(TransactionAbortedError)
    expect(error).toMatchObject({ outcome: 'not-applied' })
    expect(fixture.engine.transactionOpen).toBe(false)
    expect(fixture.engine.recall(request.key)).toBeUndefined()
    expect(count()).toBe(0)
  })

  it('R18: RAISE(ROLLBACK) ends one too, and so may an interrupted write', () => {
    fixture.exec("create trigger tr before insert on parent begin select raise(rollback, 'no'); end")
    fixture.engine.begin()
    fixture.inside("insert into t values (1, 'x')")
    expect(() => fixture.inside('insert into parent values (1)')).toThrow('no')
    expect(errorOf(() => fixture.inside('select 1'))).toBeInstanceOf(TransactionAbortedError)
    fixture.engine.rollback()
    fixture.engine.begin()
    const sql =
      'insert into t(b) with recursive c(x) as (select 1 union all select x + 1 from c) select x from c'
    const deadline = fixture.clock.mono() + 200
    const run = () =>
      fixture.engine.inTransaction({ op: 'statement', sql, rows: 'none' }, fixture.limits({ deadline }))
    expect(errorOf(run)).toBeInstanceOf(StatementTimeoutError)
    fixture.engine.rollback()
    expect(count()).toBe(0)
    expect(fixture.run('insert into t values (1, 1)').commit).not.toBeNull()
  })

  it('a deferred foreign key that fails at COMMIT rolls everything back', () => {
    fixture.engine.begin()
    fixture.inside('insert into t values (1, 1)')
    fixture.inside('insert into child values (99)')
    expect(errorOf(() => fixture.engine.commit(fixture.request()))).toMatchObject({
      code: 'SQL',
      resultCode: 787,
      outcome: 'not-applied',
    })
    expect(fixture.engine.transactionOpen).toBe(false)
    expect(count()).toBe(0)
  })

  it('R19: a COMMIT whose answer was lost is in the ledger, also for the next primary', () => {
    const request = fixture.request()
    fixture.engine.begin()
    fixture.inside('insert into t values (1, 1)')
    const { version } = fixture.engine.commit(request)
    fixture.reopen({ migrations: [{ name: 'schema', sql: SCHEMA }] })
    expect(fixture.engine.recall(request.key)).toEqual({ results: [], version, commit: null })
    fixture.engine.begin()
    fixture.inside('insert into t values (2, 2)')
    expect(fixture.engine.commit(request)).toEqual({ results: [], version, commit: null })
    expect(count()).toBe(1)
    fixture.engine.begin()
    expect(
      errorOf(() => fixture.engine.commit({ ...request, key: fixture.key(5), member: OTHER })),
    ).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    })
    expect(fixture.engine.transactionOpen).toBe(false)
  })

  it('one that only read commits its ledger row', () => {
    const request = fixture.request()
    fixture.engine.begin()
    fixture.inside('select * from t')
    expect(fixture.engine.commit(request).commit).not.toBeNull()
    expect(fixture.engine.recall(request.key)).toBeDefined()
  })

  it('R22: last_insert_rowid() begins at 0 and is that of the transaction', () => {
    fixture.run('insert into t values (50, 1)')
    fixture.engine.begin()
    expect(fixture.inside('select last_insert_rowid()')?.rows).toEqual([[0]])
    fixture.inside('insert into t values (60, 1)')
    fixture.inside('insert into child values (last_insert_rowid())')
    expect(fixture.inside('select p from child')?.rows).toEqual([[60]])
    fixture.engine.rollback()
  })

  it('savepoints bring an older schema back', () => {
    fixture.engine.begin()
    fixture.inside('savepoint s')
    fixture.inside('alter table t add column c')
    expect(fixture.inside('select * from t')?.columns).toEqual(['a', 'b', 'c'])
    fixture.inside('rollback to s')
    expect(fixture.inside('select * from t')?.columns).toEqual(['a', 'b'])
    fixture.engine.commit(fixture.request())
  })

  it('calls without a transaction, and calls outside of an open one, are refused', () => {
    expect(errorOf(() => fixture.inside('select 1'))).toBeInstanceOf(TransactionAbortedError)
    expect(errorOf(() => fixture.engine.commit(fixture.request()))).toBeInstanceOf(TransactionAbortedError)
    fixture.engine.begin()
    expect(errorOf(() => fixture.values('select 1'))).toMatchObject({ code: 'INTERNAL' })
    expect(errorOf(() => fixture.engine.begin())).toMatchObject({ code: 'INTERNAL' })
  })
})
