import {
  MigrationFailedError,
  MigrationMismatchError,
  StorageCorruptError,
  TuttiError,
} from '../errors/errors.ts'
import type { Migration } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import { UNLIMITED } from '../sqlite/deadline.ts'
import { SCOPES } from '../sqlite/scope.ts'
import { toPublicError } from '../sqlite/sql-errors.ts'
import { commitVersion, rollBack } from './commit-version.ts'
import type { Core } from './core.ts'
import { type Commit, EngineBroken } from './engine.ts'
import { fingerprintOfText } from './fingerprint.ts'
import { runScript } from './run-call.ts'

/** Which migrations ran, in which order, and what they were. */
export const MIGRATION_TABLE = `
  create table tutti_migration (position integer primary key, name text not null, fingerprint text not null)`

/**
 * Runs the migrations that the database has not, each in a transaction of its own.
 *
 * Foreign keys are not enforced while one runs, as SQLite asks of whoever rebuilds a table that others
 * refer to (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes"); before it
 * commits, `foreign_key_check` must find nothing. A database with more migrations than `migrations` is left
 * as it is: a newer build made it.
 * @returns The commits that it took.
 * @throws MigrationMismatchError, MigrationFailedError; those before the failing one stay.
 */
export function runMigrations(core: Core, migrations: readonly Migration[]): Commit[] {
  const ran = readMigrations(core.connection)
  for (const [i, done] of ran.entries()) {
    const migration = migrations[i]
    if (migration !== undefined) assertSame(done, migration, i)
  }
  const missing = migrations.slice(ran.length)
  if (missing.length === 0) return []
  const { connection } = core
  connection.exec('pragma foreign_keys = off')
  try {
    return missing.map((migration, i) => runOne(core, migration, ran.length + i))
  } finally {
    connection.exec('pragma foreign_keys = on')
  }
}

/** How many migrations the database has. */
export function countMigrations(connection: Connection): number {
  return Number(connection.scalar('select count(*) from tutti_migration'))
}

/** Whether these are the migrations that the database has, no more and no fewer. */
export function hasRun(connection: Connection, migrations: readonly Migration[]): boolean {
  const ran = readMigrations(connection)
  return (
    ran.length === migrations.length &&
    ran.every(({ name, fingerprint }, i) => {
      const migration = migrations[i]
      return name === migration?.name && fingerprint === fingerprintOfText(migration.sql)
    })
  )
}

interface RanMigration {
  readonly name: string
  readonly fingerprint: string
}

function readMigrations(connection: Connection): RanMigration[] {
  const rows = connection.rows('select name, fingerprint from tutti_migration order by position')
  return rows.map(([name, fingerprint]) => ({ name: String(name), fingerprint: String(fingerprint) }))
}

function assertSame(done: RanMigration, { name, sql }: Migration, i: number): void {
  const sameSql = done.fingerprint === fingerprintOfText(sql)
  if (sameSql && done.name === name) return
  const problem = sameSql
    ? `was renamed to "${name}"`
    : done.name === name
      ? 'was edited after it ran'
      : `was removed or moved: "${name}" stands in its place`
  throw new MigrationMismatchError(
    `Migration ${i + 1}, "${done.name}", ${problem}. Migrations are append-only: restore it, and add a new one at the end`,
  )
}

function runOne(core: Core, migration: Migration, position: number): Commit {
  const { connection, transactor } = core
  transactor.begin('immediate')
  try {
    runScript(core, migration.sql, { scope: SCOPES.several, limits: UNLIMITED, onWrite: () => {} })
    assertForeignKeys(core)
  } catch (error) {
    if (!(error instanceof EngineBroken)) rollBack(core)
    throw failed(migration, error)
  }
  try {
    return commitVersion(core, () => {
      connection.rows('insert into tutti_migration values (?1, ?2, ?3)', [
        position,
        migration.name,
        fingerprintOfText(migration.sql),
      ])
    })
  } catch (error) {
    throw failed(migration, error)
  }
}

function assertForeignKeys({ connection }: Core): void {
  const broken = connection.rows('pragma foreign_key_check')
  const first = broken[0]
  if (first === undefined) return
  const [table, rowid, parent] = first
  throw new Error(
    `${broken.length} row(s) refer to rows that do not exist, the first in table ${table} (rowid ${rowid}), to ${parent}`,
  )
}

function failed({ name, sql }: Migration, error: unknown): unknown {
  if (error instanceof EngineBroken) return error
  const cause = toPublicError(error, { sql, outcome: 'not-applied' })
  // Not the migration's fault: the file is damaged.
  if (cause instanceof StorageCorruptError) return cause
  const { resultCode, offset } = cause instanceof TuttiError ? cause : {}
  return new MigrationFailedError(
    `Migration "${name}" failed and was rolled back: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause, sql, outcome: 'not-applied', resultCode, offset },
  )
}
