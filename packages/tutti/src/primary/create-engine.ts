import {
  BUSY,
  CANTOPEN,
  CORRUPT,
  FULL,
  INTERRUPT,
  IOERR,
  NOMEM,
  NOTADB,
  primaryCode,
} from '../sqlite/result-codes.ts'
import { toPublicError } from '../sqlite/sql-errors.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import type { EngineDeps } from './core.ts'
import type { Engine } from './engine.ts'
import { openCore } from './open-core.ts'
import { SqlEngine } from './sql-engine.ts'

/**
 * Opens the SQL side of a primary on a store: makes the database where it is new, raises the epoch, and
 * runs missing migrations. What this committed is not yet flushed: flush the store before the epoch is
 * announced to anybody.
 *
 * @throws DatabaseDeletedError when `expectedIncarnation` is not what the file holds (nothing is created);
 *   SchemaAheadError where this build is below the database's floor (R4.1); MigrationMismatchError, MigrationFailedError; StorageCorruptError, StorageFullError, StorageFailedError;
 *   EngineBroken.
 */
export function createEngine(deps: EngineDeps): Engine {
  try {
    const { core, recovered } = openCore(deps)
    return new SqlEngine(core, recovered)
  } catch (error) {
    throw toPublicError(asDamage(error), { sql: '' })
  }
}

/** What is not the file's fault. */
const ELSEWHERE: readonly number[] = [IOERR, FULL, NOMEM, BUSY, CANTOPEN, INTERRUPT, CORRUPT, NOTADB]

/**
 * The opening runs Tutti's own statements on Tutti's own tables. Where SQLite has any other objection to them
 * (an unknown format, a table that is missing), the file is not what Tutti wrote.
 */
function asDamage(error: unknown): unknown {
  if (!(error instanceof SqliteFailure) || ELSEWHERE.includes(primaryCode(error.resultCode))) return error
  return new SqliteFailure(CORRUPT, error.message)
}
