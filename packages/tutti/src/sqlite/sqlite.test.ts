import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ParameterError } from '../errors/errors.ts'
import type { Params } from '../protocol/values.ts'
import { Connection } from './connection.ts'
import { AUTHORIZE } from './hooks.ts'
import { loadSqlite } from './load-sqlite.ts'
import { AUTH, INTERRUPT } from './result-codes.ts'
import { SqliteFailure } from './sqlite-failure.ts'

const sqlite = await loadSqlite()
const open = () => new Connection(sqlite, { file: ':memory:', vfs: 'unix' })

function failureOf(action: () => unknown): SqliteFailure {
  try {
    action()
  } catch (error) {
    if (error instanceof SqliteFailure) return error
    throw error
  }
  throw new Error('Nothing failed')
}

describe('loading', () => {
  it('starts from a compiled module, several instances side by side, without the storage of the build', async () => {
    const wasm = new URL(import.meta.resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm'))
    const module = new WebAssembly.Module(readFileSync(wasm))
    const instances = await Promise.all([loadSqlite({ module }), loadSqlite({ module })])
    for (const instance of instances) {
      expect(instance.version).toBe('3.54.1')
      expect(instance.exports).not.toBe(sqlite.exports)
    }
    expect('sqlite3ApiConfig' in globalThis).toBe(false)
  })

  it('rejects where the module cannot be started', async () => {
    const wantsAnImport = '0061736d01000000010401600000020701017801790000'
    const module = new WebAssembly.Module(Buffer.from(wantsAnImport, 'hex'))
    await expect(loadSqlite({ module })).rejects.toThrow('Import')
    expect((await loadSqlite()).version).toBe('3.54.1')
  })
})

describe('values', () => {
  it('come back as they were bound', () => {
    const db = open()
    const echo = db.prepare('select ?, typeof(?1)')
    const long = 'ü€𝄞 '.repeat(5000)
    for (const [value, back, type] of [
      [null, null, 'null'],
      [7, 7, 'integer'],
      [-3_000_000_000, -3_000_000_000, 'integer'],
      [2 ** 53 - 1, 2 ** 53 - 1, 'integer'],
      [2n ** 53n, 2n ** 53n, 'integer'],
      [-(2n ** 63n), -(2n ** 63n), 'integer'],
      [5n, 5, 'integer'],
      [1.5, 1.5, 'real'],
      [2 ** 53, 2 ** 53, 'real'],
      [true, 1, 'integer'],
      ['', '', 'text'],
      ['naïve tune', 'naïve tune', 'text'],
      [`with \0 inside`, `with \0 inside`, 'text'],
      [long, long, 'text'],
      [new Uint8Array(), new Uint8Array(), 'blob'],
      [Uint8Array.of(1, 2, 255), Uint8Array.of(1, 2, 255), 'blob'],
    ] as const) {
      expect(echo.all([value])).toEqual([[back, type]])
    }
    db.close()
  })

  it('are bound by position or by name, with or without the prefix', () => {
    const db = open()
    const named = db.prepare('select $a, :b, @c, $a')
    expect(named.all({ a: 1, ':b': 2, c: 3 })).toEqual([[1, 2, 3, 1]])
    expect(named.all([1, 2, 3])).toEqual([[1, 2, 3, 1]])
    expect(db.rows('select ?2, ?1', [1, 2])).toEqual([[2, 1]])
    db.close()
  })

  it.each([
    ['select ?, ?', [1], '2 is missing'],
    ['select ?', [1, 2], '2 is surplus'],
    ['select $a', {}, '$a is missing'],
    ['select $a', { a: 1, b: 2 }, 'b is surplus'],
    ['select ?', { a: 1 }, '1 has no name'],
    ['select $a', { a: undefined }, '$a is undefined'],
    ['select ?', [new Date()], '1 is of type Date'],
    ['select ?', [2n ** 63n], '64 bits'],
    ['select :f', { f: () => 1 }, ':f is of type function'],
  ])('a wrong parameter is a TypeError that names it: %s %o', (sql, params, message) => {
    const db = open()
    const bind = () => db.prepare(sql).bind(params as Params)
    expect(bind).toThrow(ParameterError)
    expect(bind).toThrow(TypeError)
    expect(bind).toThrow(message)
    db.close()
  })

  it('texts are bound in UTF-8, of any length and wherever they leave ASCII', () => {
    const db = open()
    const statement = db.prepare('select hex(?1), ?1')
    for (const sign of ['', '\u0000', 'é', '♩', '𝄞', '\ud834']) {
      for (const length of [0, 1, 31, 400, 1365, 1366, 5000]) {
        for (const at of [0, length >> 1, length]) {
          const text = `${'x'.repeat(at)}${sign}${'y'.repeat(length - at)}`
          const bytes = Buffer.from(new TextEncoder().encode(text))
          expect(statement.all([text])).toEqual([[bytes.toString('hex').toUpperCase(), bytes.toString()]])
        }
      }
    }
    db.close()
  })
})

describe('statements', () => {
  it('split a script, also one that is not ASCII, and tell what they are', () => {
    const db = open()
    const script = `create table "tüne"(n); -- ♩\n insert into "tüne" values ('♪;'); select n as "né" from "tüne"; /* end */ `
    const texts: string[] = []
    const read: unknown[] = []
    for (let offset = 0; offset < script.length; ) {
      const { statement, tail } = db.prepareNext(script, offset)
      if (statement !== null) texts.push(statement.sql.trim())
      if (statement !== null && !statement.readonly) statement.step()
      if (statement?.readonly === true) read.push(statement.columns, statement.all())
      offset = tail
    }
    expect(texts).toHaveLength(3)
    expect(read).toEqual([['né'], [['♪;']]])
    expect(texts[1]).toContain(`insert into "tüne" values ('♪;');`)
    db.close()
  })

  it('fail with code, text and place', () => {
    const db = open()
    const syntax = failureOf(() => db.exec('select 1; selec 2'))
    expect([syntax.resultCode, syntax.offset]).toEqual([1, 10])
    db.exec('create table t(n unique); insert into t values (1)')
    const constraint = failureOf(() => db.exec('insert into t values (1)'))
    expect(constraint.resultCode).toBe(2067)
    expect(constraint.message).toContain('t.n')
    expect(failureOf(() => db.prepare('  -- nothing')).message).toContain('no statement')
    db.close()
  })

  it('follow a schema that changes under them', () => {
    const db = open()
    db.exec('create table t(a)')
    const all = db.prepare('select * from t')
    expect(all.columns).toEqual(['a'])
    db.exec('alter table t add column b default 2; insert into t(a) values (1)')
    expect(all.all()).toEqual([[1, 2]])
    expect(all.columns).toEqual(['a', 'b'])
    db.close()
  })
})

describe('hooks', () => {
  it('R21 the authorizer decides while a statement is prepared, sleeps when told, and may throw', () => {
    const db = open()
    db.exec('create table t(n)')
    const asked: unknown[] = []
    db.setAuthorizer((action, arg1, arg2) => {
      asked.push([action, arg1, arg2])
      return arg1 === 't' ? AUTHORIZE.deny : AUTHORIZE.ok
    })
    expect(failureOf(() => db.prepare('select n from t')).resultCode).toBe(AUTH)
    expect(asked).toContainEqual([20, 't', 'n'])
    expect(db.unguarded(() => db.rows('select n from t'))).toEqual([])
    db.setAuthorizer(() => {
      throw new RangeError('mine')
    })
    expect(() => db.prepare('select 1')).toThrow(RangeError)
    db.setAuthorizer(null)
    expect(db.rows('select 1')).toEqual([[1]])
    db.close()
  })

  it('R23 the progress handler interrupts an endless statement, and its error comes through', () => {
    const db = open()
    const endless = 'with recursive i(x) as (select 1 union all select x + 1 from i) select max(x) from i'
    let calls = 0
    db.setProgressHandler(1000, () => ++calls > 5)
    expect(failureOf(() => db.rows(endless)).resultCode).toBe(INTERRUPT)
    db.setProgressHandler(1000, () => {
      throw new RangeError('deadline')
    })
    expect(() => db.rows(endless)).toThrow(RangeError)
    db.setProgressHandler(0, null)
    expect(db.rows('select 1')).toEqual([[1]])
    db.close()
  })

  it('the pre-update hook sees each row, also those of DELETE without WHERE and of REPLACE', () => {
    const db = open()
    db.exec('create table t(n integer primary key, u unique); create table "ü"(n)')
    const seen: unknown[] = []
    db.setPreUpdateHook((operation, table, oldRowid, newRowid) => {
      seen.push([operation, table, operation === 'insert' ? newRowid : oldRowid])
    })
    db.exec(
      `insert into t values (1, 'a'), (2, 'b'); insert into "ü" values (1); replace into t values (3, 'a'); delete from t`,
    )
    expect(seen).toEqual([
      ['insert', 't', 1n],
      ['insert', 't', 2n],
      ['insert', 'ü', 1n],
      ['delete', 't', 1n],
      ['insert', 't', 3n],
      ['delete', 't', 2n],
      ['delete', 't', 3n],
    ])
    seen.length = 0
    db.exec('drop table t; create table longer_name(n); insert into longer_name values (1)')
    expect(seen).toContainEqual(['insert', 'longer_name', 1n])
    db.close()
  })

  it('counters and autocommit tell what happened', () => {
    const db = open()
    db.exec('create table t(n); begin')
    expect(db.autocommit).toBe(false)
    db.exec('insert into t values (1), (2); commit')
    expect([db.autocommit, db.changes(), db.totalChanges(), db.lastInsertRowid()]).toEqual([true, 2, 2, 2n])
    db.close()
    db.close()
  })
})
