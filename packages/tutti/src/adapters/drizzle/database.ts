import {
  createTableRelationsHelpers,
  DefaultLogger,
  type DrizzleConfig as DrizzleOwnConfig,
  type ExtractTablesWithRelations,
  entityKind,
  extractTablesRelationalConfig,
  NoopLogger,
  type RelationalSchemaConfig,
} from 'drizzle-orm'
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch'
import type { RunnableQuery } from 'drizzle-orm/runnable-query'
import { BaseSQLiteDatabase, SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { Database, LiveOptions, Params, SqlValue } from '../../index.ts'
import type { DrizzleRunResult } from './client.ts'
import { DrizzleLiveQuery } from './live-query.ts'
import type { TuttiPreparedQuery } from './prepared-query.ts'
import { type TransactionConfig, TuttiSession, type TuttiTransaction } from './session.ts'

type AnySchema = Record<string, unknown>

/**
 * What `drizzle()` takes, as drizzle's other drivers do. There is no `cache`: the tab's replica is one
 * already, and drizzle's would not hear what other tabs write.
 */
export type DrizzleConfig<Schema extends AnySchema = Record<string, never>> = Omit<
  DrizzleOwnConfig<Schema>,
  'cache'
>

/** What `live()` takes: a `select`, or a relational query. */
export interface LiveableQuery<Result> extends RunnableQuery<Result, 'sqlite'> {
  prepare(): unknown
}

/** A row of a query's result. A query for one row has at most one. */
export type RowOf<Result> = Result extends readonly (infer Row)[] ? Row : NonNullable<Result>

/** Drizzle's query builders on a `Database`. */
export class TuttiDatabase<Schema extends AnySchema = Record<string, never>> extends BaseSQLiteDatabase<
  'async',
  DrizzleRunResult,
  Schema
> {
  static override readonly [entityKind]: string = 'TuttiDatabase'
  /** The handle that was given to `drizzle()`. */
  readonly $client: Database
  readonly #session: TuttiSession<Schema, ExtractTablesWithRelations<Schema>>

  /** Use `drizzle()`. */
  constructor(
    client: Database,
    dialect: SQLiteAsyncDialect,
    session: TuttiSession<Schema, ExtractTablesWithRelations<Schema>>,
    schema: RelationalSchemaConfig<ExtractTablesWithRelations<Schema>> | undefined,
  ) {
    super('async', dialect, session, schema)
    this.$client = client
    this.#session = session
  }

  /**
   * Runs queries in one transaction: all of them or none. Where no query gives rows it is one message,
   * `db.batch()`.
   *
   * @example
   * const [, tunes] = await orm.batch([
   *   orm.insert(tune).values({ title: 'The Kesh' }),
   *   orm.select().from(tune),
   * ])
   */
  async batch<Item extends BatchItem<'sqlite'>, Items extends Readonly<[Item, ...Item[]]>>(
    queries: Items,
  ): Promise<BatchResponse<Items>> {
    return (await this.#session.batch(queries)) as BatchResponse<Items>
  }

  /**
   * A query whose result is kept up to date: `db.live()` with drizzle's rows, nested ones of relational
   * queries too. A row that did not change stays the same object. Always a list: of `findFirst` one with at
   * most one row.
   *
   * @throws {ParameterError} where the query has placeholders: give values
   * @example
   * const tunes = orm.live(orm.select().from(tune).where(eq(tune.mode, 'Dorian')))
   * const stop = tunes.subscribe((rows) => show(rows))
   */
  live<Result>(
    query: LiveableQuery<Result>,
    options?: Pick<LiveOptions, 'timeout'>,
  ): DrizzleLiveQuery<RowOf<Result>> {
    const prepared = query.prepare() as TuttiPreparedQuery
    const { sql, params } = prepared.getQuery()
    const live = this.$client.live<SqlValue[]>(sql, params as Params, { ...options, rowMode: 'array' })
    return new DrizzleLiveQuery(live, prepared.names, (row) => prepared.mapRow(row) as RowOf<Result>)
  }

  /**
   * An interactive transaction: `db.transaction()` with drizzle's builders. As there, the callback may run
   * again where the primary died before the commit, unless `retry` is `false`: its only effect should be
   * its SQL.
   *
   * @throws the callback's own error, `tx.rollback()`'s included
   *
   * @example
   * await orm.transaction(async (tx) => {
   *   const [first] = await tx.select().from(tune).limit(1)
   *   if (first === undefined) return tx.rollback()
   *   await tx.insert(playlistTune).values({ tuneRef: first.id })
   * })
   */
  override transaction<Result>(
    callback: (tx: TuttiTransaction<Schema, ExtractTablesWithRelations<Schema>>) => Promise<Result>,
    config?: TransactionConfig,
  ): Promise<Result> {
    return this.#session.transaction(callback, config)
  }
}

/**
 * Drizzle on a database that is open: all of its SQLite core, relational queries included.
 *
 * Errors are drizzle's own: a `DrizzleQueryError`, whose `cause` is the `TuttiError`; `batch()`, and the
 * begin and the commit of `transaction()`, throw the `TuttiError` itself.
 *
 * @example
 * import { open } from 'tutti'
 * import { drizzle } from 'tutti/drizzle'
 * import * as schema from './schema.ts'
 *
 * const orm = drizzle(await open({ user: 'u-9002', migrations }), { schema })
 * const tunes = await orm.query.tune.findMany({ with: { playlists: true } })
 */
export function drizzle<Schema extends AnySchema = Record<string, never>>(
  client: Database,
  config: DrizzleConfig<Schema> = {},
): TuttiDatabase<Schema> {
  const { casing, logger, schema } = config
  const dialect = new SQLiteAsyncDialect(casing === undefined ? {} : { casing })
  const relations = schema === undefined ? undefined : relationsOf(schema)
  const log = logger === true ? new DefaultLogger() : logger || new NoopLogger()
  const session = new TuttiSession<Schema, ExtractTablesWithRelations<Schema>>(client, {
    dialect,
    schema: relations,
    logger: log,
  })
  return new TuttiDatabase(client, dialect, session, relations)
}

/** Tables and their relations by name, as relational queries look for them. */
export function relationsOf<Schema extends AnySchema>(
  schema: Schema,
): RelationalSchemaConfig<ExtractTablesWithRelations<Schema>> {
  const { tables, tableNamesMap } = extractTablesRelationalConfig<ExtractTablesWithRelations<Schema>>(
    schema,
    createTableRelationsHelpers,
  )
  return { fullSchema: schema, schema: tables, tableNamesMap }
}
