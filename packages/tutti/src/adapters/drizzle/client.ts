import type { AsyncRemoteCallback } from 'drizzle-orm/sqlite-proxy'
import type { Database, Params, RunResult, SqlValue, Transaction } from '../../index.ts'
import { toObjects } from '../../page/rows.ts'

/** What a query without rows did. */
export type DrizzleRunResult = Pick<RunResult, 'changes' | 'lastInsertRowid'>

/** A query as drizzle built it. */
export interface BuiltQuery {
  readonly sql: string
  readonly params: unknown[]
  readonly method: 'run' | 'all' | 'get' | 'values'
}

/** All rows as arrays, which keep columns of one name apart; of `get`, the first one. */
export interface ArrayRows {
  readonly columns: readonly string[]
  readonly rows: readonly SqlValue[][] | SqlValue[] | undefined
}

/** The function that drizzle's proxy driver calls for each query. Where nobody maps rows they are objects. */
export function createClient(
  calls: Database | Transaction,
  shape: 'arrays' | 'objects',
): AsyncRemoteCallback {
  const client = async (sql: string, params: unknown[], method: BuiltQuery['method']) => {
    const result = await runQuery(calls, { sql, params, method })
    if (shape === 'arrays' || method === 'values' || !('columns' in result)) return result
    return { rows: method === 'get' ? rowOf(result) : rowsOf(result) }
  }
  return client as AsyncRemoteCallback
}

/**
 * One message where no query gives rows. Rows of `db.batch()` are objects, in which columns of one name are
 * one: others go as one transaction, whose queries do not wait for one another.
 */
export async function runBatch(
  calls: Database,
  queries: readonly BuiltQuery[],
): Promise<(ArrayRows | DrizzleRunResult)[]> {
  if (queries.every(({ method }) => method === 'run')) {
    const results = await calls.batch(queries.map(({ sql, params }) => ({ sql, params: params as Params })))
    return results.map(({ changes, lastInsertRowid }) => ({ changes, lastInsertRowid }))
  }
  return await calls.transaction((tx) => Promise.all(queries.map((query) => runQuery(tx, query))))
}

/** All rows of an `all` that nobody maps. */
export function rowsOf({ columns, rows }: ArrayRows): unknown[] {
  return toObjects({ columns, rows: rows as SqlValue[][] })
}

/** The row of a `get` that nobody maps. */
export function rowOf({ columns, rows }: ArrayRows): unknown {
  return rows === undefined ? undefined : toObjects({ columns, rows: [rows as SqlValue[]] })[0]
}

async function runQuery(
  calls: Database | Transaction,
  { sql, params, method }: BuiltQuery,
): Promise<ArrayRows | DrizzleRunResult> {
  if (method === 'run') {
    const { changes, lastInsertRowid } = await calls.run(sql, params as Params)
    return { changes, lastInsertRowid }
  }
  const { columns, rows } = await calls.query(sql, params as Params)
  return { columns, rows: method === 'get' ? rows[0] : rows }
}
