/** What is known of a write that failed: it certainly did not happen, or nobody can say. */
export type Outcome = 'not-applied' | 'unknown'

/** What an error knows beside its message. Every field is absent where it has no meaning. */
export interface ErrorDetails {
  /** For writes: whether the write may have happened. */
  readonly outcome?: Outcome | undefined
  /** The request id under which the same write can be asked again (`{ id }`). */
  readonly requestId?: string | undefined
  /** SQLite's extended result code, e.g. 2067 for SQLITE_CONSTRAINT_UNIQUE. */
  readonly resultCode?: number | undefined
  /** The SQL text that failed. */
  readonly sql?: string | undefined
  /** Where in `sql` the error lies, in bytes, when SQLite knows. */
  readonly offset?: number | undefined
  /** Under which name a damaged database was set aside, and whether there is a backup of it. */
  readonly quarantined?: string | undefined
  readonly backup?: boolean | undefined
  readonly cause?: unknown
}

/** What an error has as fields of its own. */
const DETAILS = [
  'outcome',
  'requestId',
  'resultCode',
  'sql',
  'offset',
  'quarantined',
  'backup',
] as const satisfies readonly (keyof ErrorDetails)[]

/**
 * Base of every error that Tutti throws, except {@link ParameterError}. `code` is stable across
 * versions and the same on both sides of a port; `message` says what to do. `name` is spelled out in each
 * class, because a minified build renames the classes.
 */
export abstract class TuttiError extends Error {
  abstract override readonly name: string
  abstract readonly code: string
  // Declared only: a field without meaning is absent, not `undefined`.
  declare readonly outcome?: Outcome
  declare readonly requestId?: string
  declare readonly resultCode?: number
  declare readonly sql?: string
  declare readonly offset?: number

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    for (const name of DETAILS) {
      if (details[name] !== undefined) Object.assign(this, { [name]: details[name] })
    }
  }
}

/** The call's `signal` was aborted. `cause` is the signal's reason; `name` is the platform's `AbortError`. */
export class AbortedError extends TuttiError {
  override readonly name = 'AbortError'
  readonly code = 'ABORTED'
}

/** The bound of a call passed before it was answered. */
export class CallTimeoutError extends TuttiError {
  override readonly name = 'CallTimeoutError'
  readonly code = 'CALL_TIMEOUT'
}

/** The handle was closed by `db.close()`. */
export class DatabaseClosedError extends TuttiError {
  override readonly name = 'DatabaseClosedError'
  readonly code = 'DATABASE_CLOSED'
}

/** The database was deleted, by `destroy()` in some tab or because site data was cleared. */
export class DatabaseDeletedError extends TuttiError {
  override readonly name = 'DatabaseDeletedError'
  readonly code = 'DATABASE_DELETED'
}

/** The module of the option `functions` could not be loaded, or defines what SQLite cannot take. */
export class FunctionsFailedError extends TuttiError {
  override readonly name = 'FunctionsFailedError'
  readonly code = 'FUNCTIONS_FAILED'
}

/** Something inside Tutti failed that should not have: worth a bug report. */
export class InternalError extends TuttiError {
  override readonly name = 'InternalError'
  readonly code = 'INTERNAL'
}

/** What was given to `import()` is not a sound SQLite database. */
export class InvalidImportError extends TuttiError {
  override readonly name = 'InvalidImportError'
  readonly code = 'INVALID_IMPORT'
}

/** A migration's SQL failed; it was rolled back and the database is as before it. */
export class MigrationFailedError extends TuttiError {
  override readonly name = 'MigrationFailedError'
  readonly code = 'MIGRATION_FAILED'
}

/** A migration that already ran was edited, renamed, removed or reordered. */
export class MigrationMismatchError extends TuttiError {
  override readonly name = 'MigrationMismatchError'
  readonly code = 'MIGRATION_MISMATCH'
}

/** A second `open` of the same database in one page asked for other options. */
export class OptionsMismatchError extends TuttiError {
  override readonly name = 'OptionsMismatchError'
  readonly code = 'OPTIONS_MISMATCH'
}

/** The request id belongs to a member that is gone, and its result is not known any more. */
export class OutcomeUnknownError extends TuttiError {
  override readonly name = 'OutcomeUnknownError'
  readonly code = 'OUTCOME_UNKNOWN'
}

/** This tab's build is older than the database's, and a newer tab exists: reload. */
export class OutdatedError extends TuttiError {
  override readonly name = 'OutdatedError'
  readonly code = 'OUTDATED'
}

/** No tab could act as primary within the bound. */
export class PrimaryUnavailableError extends TuttiError {
  override readonly name = 'PrimaryUnavailableError'
  readonly code = 'PRIMARY_UNAVAILABLE'
}

/** What `recover()` was asked for cannot be done: the message says why. Nothing was changed. */
export class RecoveryRefusedError extends TuttiError {
  override readonly name = 'RecoveryRefusedError'
  readonly code = 'RECOVERY_REFUSED'
}

/** The same request id was used before for another write. */
export class RequestIdReusedError extends TuttiError {
  override readonly name = 'RequestIdReusedError'
  readonly code = 'REQUEST_ID_REUSED'
}

/** The write committed when it was first asked, but its rows were too many to be kept for this repetition. */
export class ResultLostError extends TuttiError {
  override readonly name = 'ResultLostError'
  readonly code = 'RESULT_LOST'
}

/**
 * The database has migrations that this build does not know, or a newer version of Tutti has shut this one
 * out, and reloading did not help.
 */
export class SchemaAheadError extends TuttiError {
  override readonly name = 'SchemaAheadError'
  readonly code = 'SCHEMA_AHEAD'
}

/** The version that an iteration reads is not kept any more; the message says why. Begin it again. */
export class SnapshotLostError extends TuttiError {
  override readonly name = 'SnapshotLostError'
  readonly code = 'SNAPSHOT_LOST'
}

/** SQLite refused the statement: syntax, constraint, type. `resultCode` is SQLite's own. */
export class SqlError extends TuttiError {
  override readonly name: string = 'SqlError'
  readonly code: 'SQL' | 'FUNCTION_MISSING' = 'SQL'
}

/**
 * The statement, or an index, view or trigger that it needs, calls a function or collation that neither SQLite
 * nor the module of the option `functions` defines, in the build of the tab that ran it. Nothing was changed.
 */
export class FunctionMissingError extends SqlError {
  override readonly name = 'FunctionMissingError'
  override readonly code = 'FUNCTION_MISSING'
}

/** The replica's lease had ended and no primary answered in time. */
export class StaleReadError extends TuttiError {
  override readonly name = 'StaleReadError'
  readonly code = 'STALE_READ'
}

/** The statement is one that would break the house; the message says what to use instead. */
export class StatementRefusedError extends TuttiError {
  override readonly name = 'StatementRefusedError'
  readonly code = 'STATEMENT_REFUSED'
}

/** A statement ran past its deadline and was interrupted. */
export class StatementTimeoutError extends TuttiError {
  override readonly name = 'StatementTimeoutError'
  readonly code = 'STATEMENT_TIMEOUT'
}

/** The file is damaged; nothing of it was deleted. `recover()` says what can be done. */
export class StorageCorruptError extends TuttiError {
  override readonly name = 'StorageCorruptError'
  readonly code = 'STORAGE_CORRUPT'
  /** The name under which the damaged files were set aside; absent where the file as a whole is sound. */
  declare readonly quarantined?: string
  /** Whether `recover()` has a backup to restore. */
  declare readonly backup?: boolean
}

/** The storage failed to read or write. */
export class StorageFailedError extends TuttiError {
  override readonly name = 'StorageFailedError'
  readonly code = 'STORAGE_FAILED'
}

/** Quota or disk is full; the write was rolled back, everything committed stays readable. */
export class StorageFullError extends TuttiError {
  override readonly name = 'StorageFullError'
  readonly code = 'STORAGE_FULL'
}

/** None of the listed rungs of `storage` is supported here. */
export class StorageUnavailableError extends TuttiError {
  override readonly name = 'StorageUnavailableError'
  readonly code = 'STORAGE_UNAVAILABLE'
}

/** The transaction is over: SQLite ended it, or its primary is gone ({@link TransactionLostError}). */
export class TransactionAbortedError extends TuttiError {
  override readonly name: string = 'TransactionAbortedError'
  readonly code: 'TRANSACTION_ABORTED' | 'TRANSACTION_LOST' = 'TRANSACTION_ABORTED'
}

/** The transaction's primary is gone, and it did not commit: running the callback again is safe. */
export class TransactionLostError extends TransactionAbortedError {
  override readonly name = 'TransactionLostError'
  override readonly code = 'TRANSACTION_LOST'
}

/** The interactive transaction took longer than `timeout`, or was idle longer than `idle`. */
export class TransactionTimeoutError extends TuttiError {
  override readonly name = 'TransactionTimeoutError'
  readonly code = 'TRANSACTION_TIMEOUT'
}

/** This tab's worker could not start, or died. */
export class WorkerFailedError extends TuttiError {
  override readonly name = 'WorkerFailedError'
  readonly code = 'WORKER_FAILED'
}

/** A parameter or an option that cannot be used; the message names it. Nothing was run. */
export class ParameterError extends TypeError {
  readonly code = 'PARAMETER'
  readonly outcome: Outcome = 'not-applied'
  declare readonly sql?: string
  constructor(message: string, details: Pick<ErrorDetails, 'sql'> = {}) {
    super(message)
    this.name = 'ParameterError'
    if (details.sql !== undefined) this.sql = details.sql
  }
}
