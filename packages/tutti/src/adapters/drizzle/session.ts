import {
  entityKind,
  type Logger,
  type Query,
  type RelationalSchemaConfig,
  sql,
  type TablesRelationalConfig,
} from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { NoopCache } from 'drizzle-orm/cache/core'
import {
  type SelectedFieldsOrdered,
  type SQLiteAsyncDialect,
  type SQLiteExecuteMethod,
  SQLiteSession,
  SQLiteTransaction,
  type SQLiteTransactionConfig,
} from 'drizzle-orm/sqlite-core'
import { SQLiteRemoteSession } from 'drizzle-orm/sqlite-proxy'
import type { Database, Transaction, TransactionOptions } from '../../index.ts'
import { type ArrayRows, createClient, type DrizzleRunResult, rowOf, rowsOf, runBatch } from './client.ts'
import { TuttiPreparedQuery } from './prepared-query.ts'

type AnySchema = Record<string, unknown>

/**
 * What `transaction()` takes. `behavior` is there for drizzle's sake and has no meaning: only one
 * transaction is open at a time, whatever it is called.
 */
export interface TransactionConfig extends SQLiteTransactionConfig, TransactionOptions {}

/** What sessions of one `drizzle()` have in common. */
export interface SessionParts<Schema extends TablesRelationalConfig> {
  readonly dialect: SQLiteAsyncDialect
  readonly schema: RelationalSchemaConfig<Schema> | undefined
  readonly logger: Logger
}

/**
 * Drizzle's way to a database or to one transaction. What drizzle makes of rows is left to its own proxy
 * driver, whose classes are public; it is given rows as arrays, and as objects where nobody maps them.
 */
export class TuttiSession<
  FullSchema extends AnySchema,
  Schema extends TablesRelationalConfig,
> extends SQLiteSession<'async', DrizzleRunResult, FullSchema, Schema> {
  static override readonly [entityKind]: string = 'TuttiSession'
  readonly #calls: Database | Transaction
  readonly #parts: SessionParts<Schema>
  readonly #cache = new NoopCache()

  constructor(calls: Database | Transaction, parts: SessionParts<Schema>) {
    super(parts.dialect)
    this.#calls = calls
    this.#parts = parts
  }

  override prepareQuery(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    executeMethod: SQLiteExecuteMethod,
    isResponseInArrayMode: boolean,
    customResultMapper?: (rows: unknown[][]) => unknown,
  ): TuttiPreparedQuery {
    const client = createClient(this.#calls, isResponseInArrayMode ? 'arrays' : 'objects')
    return new TuttiPreparedQuery(
      client,
      query,
      this.#parts.logger,
      this.#cache,
      undefined,
      undefined,
      fields,
      executeMethod,
      isResponseInArrayMode,
      customResultMapper,
    )
  }

  async batch(queries: readonly BatchItem<'sqlite'>[]): Promise<unknown[]> {
    const { dialect, schema, logger } = this.#parts
    const session = new SQLiteRemoteSession(
      createClient(this.#calls, 'arrays'),
      dialect,
      schema,
      async (built) => {
        for (const { sql: text, params } of built) logger.logQuery(text, params)
        return (await runBatch(this.#calls as Database, built)) as { rows: unknown[] }[]
      },
    )
    return await session.batch(queries)
  }

  override async transaction<Result>(
    callback: (tx: TuttiTransaction<FullSchema, Schema>) => Promise<Result>,
    config: TransactionConfig = {},
  ): Promise<Result> {
    const { behavior: _, ...options } = config
    return await (this.#calls as Database).transaction((tx) => {
      const session = new TuttiSession<FullSchema, Schema>(tx, this.#parts)
      return callback(new TuttiTransaction(session, this.#parts))
    }, options)
  }

  /** Drizzle asks this of a raw query in a batch, as the next two. */
  extractRawAllValueFromBatchResult(result: ArrayRows): unknown {
    return rowsOf(result)
  }

  extractRawGetValueFromBatchResult(result: ArrayRows): unknown {
    return rowOf(result)
  }

  extractRawValuesValueFromBatchResult({ rows }: ArrayRows): unknown {
    return rows
  }
}

/** Drizzle's query builders in an interactive transaction; its own `transaction()` is a savepoint. */
export class TuttiTransaction<
  FullSchema extends AnySchema,
  Schema extends TablesRelationalConfig,
> extends SQLiteTransaction<'async', DrizzleRunResult, FullSchema, Schema> {
  static override readonly [entityKind]: string = 'TuttiTransaction'
  readonly #session: TuttiSession<FullSchema, Schema>
  readonly #parts: SessionParts<Schema>

  constructor(session: TuttiSession<FullSchema, Schema>, parts: SessionParts<Schema>, depth = 0) {
    super('async', parts.dialect, session, parts.schema, depth)
    this.#session = session
    this.#parts = parts
  }

  override async transaction<Result>(
    callback: (tx: TuttiTransaction<FullSchema, Schema>) => Promise<Result>,
  ): Promise<Result> {
    const savepoint = sql.raw(`sp${this.nestedIndex}`)
    await this.run(sql`savepoint ${savepoint}`)
    try {
      const result = await callback(new TuttiTransaction(this.#session, this.#parts, this.nestedIndex + 1))
      await this.run(sql`release ${savepoint}`)
      return result
    } catch (error) {
      // Where the whole transaction is gone there is no savepoint either, and `error` says why.
      await this.run(sql`rollback to ${savepoint}`).catch(() => undefined)
      throw error
    }
  }
}
