import {
  type CompiledQuery,
  type DatabaseConnection,
  DeleteQueryNode,
  InsertQueryNode,
  type QueryResult,
  RawNode,
  UpdateQueryNode,
} from 'kysely'
import type { Database, Params, QueryResult as Result } from '../../index.ts'
import { toObjects } from '../../page/rows.ts'
import type { TuttiDialectOptions } from './dialect.ts'
import { OpenTransaction } from './open-transaction.ts'

/** What Kysely gives along with a query: since 0.29, a signal. */
interface QueryOptions {
  readonly signal?: AbortSignal | undefined
}

/** A query that is running and that its caller may want to end. */
interface Running {
  readonly wanted: AbortSignal
  readonly cancel: AbortController
}

/** Runs queries on the database, or in the transaction that was begun here. */
export class TuttiConnection implements DatabaseConnection {
  readonly #db: Database
  readonly #options: TuttiDialectOptions
  readonly #running = new Set<Running>()
  #transaction: OpenTransaction | undefined

  constructor(db: Database, options: TuttiDialectOptions) {
    this.#db = db
    this.#options = options
  }

  async begin(): Promise<void> {
    this.#transaction = await OpenTransaction.begin(this.#db, this.#options)
  }

  async commit(): Promise<void> {
    await this.#transaction?.commit()
    this.#transaction = undefined
  }

  /** Does nothing where no transaction is open. */
  async rollback(): Promise<void> {
    await this.#transaction?.rollback()
    this.#transaction = undefined
  }

  async run(sql: string): Promise<void> {
    await this.#query(sql, [])
  }

  async executeQuery<Row>(
    { sql, parameters, query }: CompiledQuery,
    options?: QueryOptions,
  ): Promise<QueryResult<Row>> {
    const result = await this.#cancellable(options?.signal, (signal) => this.#query(sql, parameters, signal))
    const rows = toObjects(result) as Row[]
    const writes = InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query)
    if (!writes && result.columns.length > 0) return { rows }
    const inserts = result.changes > 0 && (InsertQueryNode.is(query) || RawNode.is(query))
    return {
      rows,
      numAffectedRows: BigInt(result.changes),
      ...(inserts ? { insertId: BigInt(result.lastInsertRowid) } : {}),
    }
  }

  /** In chunks, as Kysely asks for it; the whole result is in memory all the same. */
  async *streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: QueryOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const { rows } = await this.executeQuery<Row>(query, options)
    for (let from = 0; from < rows.length; from += chunkSize) {
      yield { rows: rows.slice(from, from + chunkSize) }
    }
  }

  /**
   * Interrupts what was given up, for Kysely's strategy `'cancel query'`. Its default, `'ignore query'`,
   * only stops waiting, and a write goes on.
   */
  async cancelQuery(): Promise<void> {
    for (const { wanted, cancel } of this.#running) if (wanted.aborted) cancel.abort(wanted.reason)
  }

  async #query(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<Result> {
    const options = signal === undefined ? {} : { signal }
    const params = parameters as Params
    const transaction = this.#transaction
    if (transaction === undefined) return await this.#db.query(sql, params, options)
    return await transaction.run((tx) => tx.query(sql, params, options))
  }

  async #cancellable<T>(
    wanted: AbortSignal | undefined,
    work: (signal?: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (wanted === undefined) return await work()
    const running: Running = { wanted, cancel: new AbortController() }
    this.#running.add(running)
    try {
      return await work(running.cancel.signal)
    } finally {
      this.#running.delete(running)
    }
  }
}
