import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import type { Db, Reader, SqlParams, Transaction } from '../src/data/db.ts'
import { migrations } from '../src/data/migrations.ts'

const sqlite3 = await sqlite3InitModule()

export interface TestDb extends Db {
  close(): void
}

/**
 * Practice's `Db` on one plain in-memory database, with Practice's schema. It runs one transaction at a time,
 * as the primary does, and is as strict as Tutti about missing and surplus parameters.
 */
export function createTestDb(): TestDb {
  const connection = new sqlite3.oo1.DB(':memory:')
  connection.exec('pragma foreign_keys = on')
  for (const { sql } of migrations) connection.exec(sql)
  let turn: Promise<unknown> = Promise.resolve()
  const listeners = new Set<() => void>()

  function execute<Row>(sql: string, params: SqlParams = []): Row[] {
    const statement = connection.prepare(sql)
    try {
      const given = Array.isArray(params) ? params.length : Object.keys(params).length
      if (given !== statement.parameterCount) {
        throw new TypeError(`${given} parameters for ${statement.parameterCount} places in: ${sql}`)
      }
      if (Array.isArray(params)) {
        if (given > 0) statement.bind([...params])
      } else {
        statement.bind(Object.fromEntries(Object.entries(params).map(([name, value]) => [`$${name}`, value])))
      }
      const rows: Row[] = []
      while (statement.step()) rows.push(statement.get({}) as Row)
      return rows
    } finally {
      statement.finalize()
    }
  }

  const reader: Reader = {
    all: async <Row>(sql: string, params?: SqlParams) => execute<Row>(sql, params),
    get: async <Row>(sql: string, params?: SqlParams) => execute<Row>(sql, params)[0],
  }
  const tx: Transaction = {
    ...reader,
    run: async (sql, params) => {
      const before = connection.changes(true)
      execute(sql, params)
      return { changes: connection.changes(true) - before }
    },
  }

  function inTransaction<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(async () => {
      const before = connection.changes(true)
      connection.exec('begin immediate')
      try {
        const value = await work()
        connection.exec('commit')
        if (connection.changes(true) !== before) for (const listener of listeners) listener()
        return value
      } catch (error) {
        connection.exec('rollback')
        throw error
      }
    })
    turn = result.catch(() => undefined)
    return result
  }

  return {
    all: async (sql, params) => inTransaction(() => reader.all(sql, params)),
    get: async (sql, params) => inTransaction(() => reader.get(sql, params)),
    run: async (sql, params) => inTransaction(() => tx.run(sql, params)),
    batch: async (statements) =>
      inTransaction(async () => {
        for (const { sql, params } of statements) execute(sql, params)
      }),
    transaction: async (callback) => inTransaction(() => callback(tx)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => connection.close(),
  }
}
