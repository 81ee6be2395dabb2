import { beforeEach, describe, expect, it } from 'vitest'
import { SqlError, StatementRefusedError } from '../errors/errors.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { openPrimaryConnection } from '../storage/primary-connection.ts'
import type { Connection } from './connection.ts'
import { UNLIMITED } from './deadline.ts'
import { loadSqlite } from './load-sqlite.ts'
import { SCOPES, type Scope } from './scope.ts'
import { StatementRunner } from './statement-runner.ts'

const sqlite = await loadSqlite()
let connection: Connection
let runner: StatementRunner

beforeEach(() => {
  connection = openPrimaryConnection(sqlite, createMemoryStore()).connection
  connection.exec(`
    create table tutti_meta(key, value);
    create table t(a integer primary key, b);
    create table parent(id integer primary key);
    create table child(p references parent)`)
  const clock = { mono: () => 0 }
  runner = new StatementRunner({ connection, clock, onProgress: () => {} })
})

function run(sql: string, scope: Scope = SCOPES.single) {
  const prepared = runner.prepare(sql, scope)
  try {
    return runner.run(prepared, { rows: 'all', scope, limits: UNLIMITED })
  } finally {
    prepared.release()
  }
}

/** The message with which `sql` is refused; that it was let in, or failed otherwise, makes another one. */
function refusal(sql: string, scope?: Scope): string {
  const error = catchError(() => run(sql, scope))
  if (!(error instanceof StatementRefusedError)) return `not refused: ${String(error)}`
  const whole = error.outcome === 'not-applied' && error.sql?.includes(sql.trim()) === true
  return whole ? error.message : `without outcome or SQL: ${error.message}`
}

function catchError(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

describe('R21: refused, with what to use instead', () => {
  it.each([
    ["attach 'x' as y", 'open()'],
    ['detach main', 'open()'],
    ['begin', 'db.transaction()'],
    ['begin immediate', 'db.transaction()'],
    ['commit', 'db.transaction()'],
    ['end', 'db.transaction()'],
    ['rollback', 'db.transaction()'],
    ['explain begin', 'db.transaction()'],
    ['savepoint s', 'db.transaction()'],
    ['release s', 'db.transaction()'],
    ['rollback to s', 'db.transaction()'],
    ['create temp table x(a)', 'WITH'],
    ['create table temp.x(a)', 'WITH'],
    ['create temporary view x as select 1', 'WITH'],
    ['create temp trigger x after insert on t begin select 1; end', 'WITH'],
    ['vacuum', 'db.import'],
    ["/* v */ vacuum into 'x'", 'db.import'],
    ['pragma query_only = 1', 'sets up the connection'],
    ['pragma journal_mode = delete', 'sets up the connection'],
    ['pragma journal_mode', 'sets up the connection'],
    ['pragma writable_schema = on', 'sets up the connection'],
    ['pragma foreign_keys = off', 'sets up the connection'],
    ['pragma schema_version = 9', 'sets up the connection'],
    ['pragma page_size = 512', 'sets up the connection'],
    ['pragma wal_checkpoint', 'sets up the connection'],
    ['pragma never_heard_of', 'sets up the connection'],
    ['select * from pragma_journal_mode', 'sets up the connection'],
    ['pragma defer_foreign_keys = 1', 'db.transaction()'],
    ['select * from sqlite_dbpage', 'inside of the connection'],
    ['select * from sqlite_stmt', 'inside of the connection'],
    ['create view temp.x as select 1', 'WITH'],
    ['create virtual table temp.x using fts5(a)', 'WITH'],
    ['select 1; select 2', 'db.exec()'],
  ])('%s', (sql, instead) => {
    expect(refusal(sql)).toContain(instead)
    expect(connection.autocommit).toBe(true)
  })

  it('a refused PRAGMA has done nothing: the connection still writes', () => {
    refusal('pragma query_only = 1')
    run('insert into t(b) values (1)')
    expect(connection.scalar('pragma foreign_keys')).toBe(1)
  })
})

it.each(["load_extension('x')", "fts3_tokenizer('x')", "readfile('x')"])(
  'R21: %s is left out of the build, so the policy need not know it',
  (call) => {
    expect(() => run(`select ${call}`)).toThrow('no such function')
  },
)

describe('R21: names that begin with tutti_', () => {
  it.each([
    'select * from tutti_meta',
    'select count(*) from TUTTI_meta',
    'select 1 from t where exists (select 1 from tutti_meta)',
    'with x as (select * from tutti_meta) select * from x',
    "insert into tutti_meta values ('version', 9)",
    'update "tutti_meta" set value = 9',
    'delete from tutti_meta',
    'drop table tutti_meta',
    'alter table tutti_meta add column x',
    'alter table tutti_meta rename to t2',
    'create table Tutti_mine(a)',
    'create table if not exists tutti_mine(a)',
    'create view tutti_v as select 1',
    'create index tutti_i on t(b)',
    'create index i on tutti_meta(key)',
    'create trigger tutti_t after insert on t begin select 1; end',
    'create trigger x after insert on tutti_meta begin select 1; end',
    'create virtual table tutti_f using fts5(a)',
    'create table copy as select * from tutti_meta',
  ])('%s', (sql) => {
    expect(refusal(sql)).toContain('belong to Tutti')
  })

  it('are refused through views, triggers and external content of FTS5 too', () => {
    run('create view v as select * from tutti_meta')
    expect(refusal('select * from v')).toContain('belong to Tutti')
    run('create trigger tr after insert on t begin delete from tutti_meta; end')
    expect(refusal('insert into t(b) values (1)')).toContain('belong to Tutti')
    run("create virtual table f using fts5(key, content='tutti_meta')")
    connection.rows("insert into tutti_meta values ('k', 1)")
    connection.exec("insert into f(f) values ('rebuild')")
    expect(refusal("select * from f where f match 'k'")).toContain('belong to Tutti')
  })

  it('cannot be held by a foreign key', () => {
    connection.exec('create table tutti_k(id integer primary key); insert into tutti_k values (1)')
    run('create table holds(x references tutti_k)')
    expect(refusal('insert into holds values (1)')).toContain('belong to Tutti')
  })
})

describe('R21: what is let in', () => {
  it.each([
    'select * from sqlite_schema',
    "select * from pragma_table_info('t')",
    'pragma table_info(t)',
    'pragma table_list',
    'pragma integrity_check',
    'pragma quick_check(1)',
    'pragma foreign_key_check',
    'pragma user_version = 7',
    'pragma application_id = 7',
    'pragma page_count',
    'pragma page_size',
    'pragma schema_version',
    'pragma compile_options',
    'pragma database_list',
    'pragma foreign_keys',
    'pragma encoding',
    'pragma optimize',
    'analyze',
    'reindex',
    'explain query plan select * from t',
    'create table s(a text not null, b any) strict, without rowid',
    'create table s(a text primary key) strict, without rowid',
    'create table g(a, b generated always as (a * 2) stored)',
    'insert into t values (1, 2) on conflict (a) do update set b = excluded.b returning *',
    "select json_extract('[1,2]', '$[1]')",
    'with recursive c(x) as (select 1 union all select x + 1 from c where x < 9) select sum(x) from c',
    'create table e as select * from t',
    'alter table t add column c',
    'alter table t rename to u',
    'alter table t rename column b to c',
    'drop table t',
    'drop table if exists nothing',
  ])('%s', (sql) => {
    expect(() => run(sql)).not.toThrow(StatementRefusedError)
  })

  it('FTS5 and R-trees, made, filled, asked and dropped', () => {
    run('create virtual table f using fts5(body)')
    run("insert into f values ('the silver spear'), ('the maid behind the bar')")
    expect(run("select body from f where f match 'silver'").rows).toEqual([['the silver spear']])
    run("insert into f(f) values ('optimize')")
    run("delete from f where f match 'maid'")
    run('drop table f')
    run('create virtual table r using rtree(id, x1, x2)')
    run('insert into r values (1, 2, 3)')
    expect(run('select id from r where x1 > 1').rows).toEqual([[1]])
    run('drop table r')
  })

  it('triggers, and ANALYZE leaves the tables of Tutti alone', () => {
    run('create table log(a)')
    run('create trigger tr after insert on t begin insert into log values (new.b); end')
    run('create index tb on t(b)')
    run("insert into t(b) values ('x')")
    expect(run('select * from log').rows).toEqual([['x']])
    connection.exec("insert into tutti_meta values ('k', 1)")
    run('analyze')
    expect(run('select distinct tbl from sqlite_stat1 order by 1').rows).toEqual([['log'], ['t']])
  })

  it('statements that SQLite calls read-only, but that may write, count as writes', () => {
    run('create index tb on t(b)')
    for (const sql of [
      'analyze',
      'reindex',
      'pragma optimize',
      'pragma user_version = 1',
      'drop table if exists x',
    ]) {
      const prepared = runner.prepare(sql, SCOPES.single)
      expect({ sql, readonly: prepared.readonly }).toEqual({ sql, readonly: false })
      prepared.release()
    }
  })
})

describe('scopes', () => {
  it('R21: savepoints work as single statements inside a transaction, and BEGIN does not', () => {
    connection.exec('begin')
    run('savepoint s', SCOPES.transaction)
    run('insert into t values (1, 1)', SCOPES.transaction)
    run('rollback to s', SCOPES.transaction)
    run('release s', SCOPES.transaction)
    expect(run('select count(*) from t', SCOPES.transaction).rows).toEqual([[0]])
    expect(refusal('commit', SCOPES.transaction)).toContain('db.transaction()')
    expect(refusal('savepoint s', SCOPES.severalInTransaction)).toContain('single statements')
  })

  it('R22: the counters have a meaning only inside a transaction, for cached statements too', () => {
    for (const sql of ['select last_insert_rowid()', 'select changes()', 'select TOTAL_CHANGES()']) {
      expect(refusal(sql)).toContain('db.run()')
      expect(refusal(sql, SCOPES.several)).toContain('db.run()')
      expect(run(sql, SCOPES.transaction).rows).toHaveLength(1)
      expect(refusal(sql)).toContain('db.run()')
    }
  })

  it('defer_foreign_keys is let in where a transaction is open', () => {
    connection.exec('begin')
    run('pragma defer_foreign_keys = 1', SCOPES.several)
    run('insert into child values (5)', SCOPES.several)
    run('insert into parent values (5)', SCOPES.several)
    connection.exec('commit')
    expect(run('select * from child').rows).toEqual([[5]])
  })
})

describe('the statement cache', () => {
  it('R21: a statement kept from before a schema change is judged anew', () => {
    run('create table w(a)')
    run('create view v as select a from w')
    expect(run('select * from v').rows).toEqual([])
    run('drop view v')
    run('create view v as select value from tutti_meta')
    expect(refusal('select * from v')).toContain('belong to Tutti')
  })

  it('a no-op DROP is not remembered as read-only', () => {
    const sql = 'drop table if exists later'
    run(sql)
    run('create table later(a)')
    const prepared = runner.prepare(sql, SCOPES.single)
    expect(prepared.readonly).toBe(false)
    prepared.release()
  })

  it('columns follow the schema, also back over a rollback', () => {
    expect(run('select * from t').columns).toEqual(['a', 'b'])
    connection.exec('begin')
    run('alter table t add column c', SCOPES.several)
    expect(run('select * from t', SCOPES.several).columns).toEqual(['a', 'b', 'c'])
    connection.exec('rollback')
    runner.rolledBack()
    expect(run('select * from t').columns).toEqual(['a', 'b'])
  })
})

describe('errors of preparing', () => {
  it('carry the SQL and the offset in bytes', () => {
    const sql = "select 'ä', nonsense from t"
    const error = catchError(() => run(sql))
    expect(error).toBeInstanceOf(SqlError)
    expect(error).toMatchObject({ sql, offset: 13, resultCode: 1, message: 'no such column: nonsense' })
  })

  it('a text without a statement is an SqlError', () => {
    expect(() => run(' -- nothing\n;')).toThrow('There is no statement in this text')
  })
})
