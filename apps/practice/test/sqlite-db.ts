import sqlite3InitModule, { type SqlValue } from '@sqlite.org/sqlite-wasm'
import type { Database } from 'tutti'
import { createDb, type Db } from '../src/data/db.ts'
import { migrations } from '../src/data/migrations.ts'

const sqlite3 = await sqlite3InitModule()

/** Also runs SQL with parameters. */
export type TestDb = Db & {
  all(sql: string, params: readonly SqlValue[]): Promise<Record<string, unknown>[]>
}

/**
 * Practice's `Db` on one plain in-memory database, with Practice's schema: `tutti/drizzle` on what it uses of
 * a database. It runs one transaction at a time, as the primary does.
 */
export function createTestDb(): TestDb {
  const connection = new sqlite3.oo1.DB(':memory:')
  connection.exec('pragma foreign_keys = on')
  for (const { sql } of migrations) connection.exec(sql)
  let turn: Promise<unknown> = Promise.resolve()

  const calls = {
    async query(sql: string, params: readonly SqlValue[]) {
      const rows: SqlValue[][] = []
      const columns: string[] = []
      connection.exec(sql, { bind: [...params], rowMode: 'array', resultRows: rows, columnNames: columns })
      return { columns, rows }
    },
    async run(sql: string, params: readonly SqlValue[]) {
      const before = connection.changes(true)
      connection.exec(sql, { bind: [...params] })
      return { changes: connection.changes(true) - before, lastInsertRowid: 0 }
    },
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const database = {
    query: (...call: Parameters<typeof calls.query>) => inTurn(() => calls.query(...call)),
    run: (...call: Parameters<typeof calls.run>) => inTurn(() => calls.run(...call)),
    transaction: <Result>(callback: (tx: typeof calls) => Promise<Result>) =>
      inTurn(async () => {
        connection.exec('begin immediate')
        try {
          const value = await callback(calls)
          connection.exec('commit')
          return value
        } catch (error) {
          connection.exec('rollback')
          throw error
        }
      }),
  }
  const db = createDb(database as unknown as Database)
  const all = async (sql: string, params: readonly SqlValue[] = []) => {
    const { columns, rows } = await database.query(sql, params)
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])))
  }
  return Object.assign(db, { all })
}
