import {
  DefaultLogger,
  type ExtractTablesWithRelations,
  entityKind,
  NoopLogger,
  type RelationalSchemaConfig,
} from 'drizzle-orm'
import { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session'
import { BaseSQLiteDatabase, type SQLiteSession, SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { StatementRefusedError } from '../../errors/errors.ts'
import type { Database, SqlValue } from '../../index.ts'
import type { SqlRow } from '../../page/rows.ts'
import { type DrizzleConfig, relationsOf } from './database.ts'

type AnySchema = Record<string, unknown>

/** Drizzle's query builders on `db.sync`: they read, and give rows without a promise. */
export class TuttiSyncDatabase<Schema extends AnySchema = Record<string, never>> extends BaseSQLiteDatabase<
  'sync',
  void,
  Schema
> {
  static override readonly [entityKind]: string = 'TuttiSyncDatabase'
  /** The handle that was given to `drizzleSync()`. */
  readonly $client: Database

  /** Use `drizzleSync()`. */
  constructor(
    client: Database,
    dialect: SQLiteSyncDialect,
    session: SQLiteSession<'sync', void, Schema, ExtractTablesWithRelations<Schema>>,
    schema: RelationalSchemaConfig<ExtractTablesWithRelations<Schema>> | undefined,
  ) {
    super('sync', dialect, session, schema)
    this.$client = client
  }

  /** @throws {StatementRefusedError} always */
  override transaction(): never {
    throw new StatementRefusedError('drizzleSync() only reads: use await drizzle(db).transaction().', {
      outcome: 'not-applied',
    })
  }
}

/**
 * Drizzle on a database that was opened with `syncReads`, for reads without a promise: `.all()`, `.get()` and
 * `.values()` of a query, `.sync()` of a relational one. Errors are the `TuttiError` itself; what writes is a
 * `StatementRefusedError`: write with `drizzle()` on the same handle.
 *
 * @example
 * import { open } from 'tutti'
 * import { drizzle, drizzleSync } from 'tutti/drizzle'
 * import * as schema from './schema.ts'
 *
 * const db = await open({ user: 'u-9002', migrations, syncReads: true })
 * const orm = drizzle(db, { schema })
 * const now = drizzleSync(db, { schema })
 * await orm.insert(schema.tune).values({ title: 'The Kesh' })
 * const tunes = now.query.tune.findMany().sync()
 */
export function drizzleSync<Schema extends AnySchema = Record<string, never>>(
  client: Database,
  config: DrizzleConfig<Schema> = {},
): TuttiSyncDatabase<Schema> {
  const { casing, logger, schema } = config
  const dialect = new SQLiteSyncDialect(casing === undefined ? {} : { casing })
  const relations = schema === undefined ? undefined : relationsOf(schema)
  const log = logger === true ? new DefaultLogger() : logger || new NoopLogger()
  // What drizzle makes of rows is left to its own driver of a synchronous database, whose classes are public.
  const session = new BetterSQLiteSession(
    { prepare: (sql: string) => statementOf(client, sql) },
    dialect,
    relations,
    { logger: log },
  )
  return new TuttiSyncDatabase<Schema>(client, dialect, session as never, relations)
}

interface SyncStatement<Row> {
  all(...params: SqlValue[]): Row[]
  get(...params: SqlValue[]): Row | undefined
}

/** What drizzle asks of a statement. */
function statementOf({ sync }: Database, sql: string) {
  const objects: SyncStatement<SqlRow> = {
    all: (...params) => sync.all(sql, params),
    get: (...params) => sync.get(sql, params),
  }
  const arrays: SyncStatement<SqlValue[]> = {
    all: (...params) => sync.values(sql, params),
    get: (...params) => sync.values(sql, params)[0],
  }
  return { ...objects, raw: () => arrays, run: (...params: SqlValue[]) => void objects.all(...params) }
}
