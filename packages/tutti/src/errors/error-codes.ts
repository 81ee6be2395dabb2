import type { ErrorDetails, TuttiError } from './errors.ts'
import * as errors from './errors.ts'

/** Every class by its code: the one table behind `deserializeError` and the documentation. */
export const ERROR_CLASSES = {
  ABORTED: errors.AbortedError,
  CALL_TIMEOUT: errors.CallTimeoutError,
  DATABASE_CLOSED: errors.DatabaseClosedError,
  DATABASE_DELETED: errors.DatabaseDeletedError,
  FUNCTION_MISSING: errors.FunctionMissingError,
  FUNCTIONS_FAILED: errors.FunctionsFailedError,
  INTERNAL: errors.InternalError,
  INVALID_IMPORT: errors.InvalidImportError,
  MIGRATION_FAILED: errors.MigrationFailedError,
  MIGRATION_MISMATCH: errors.MigrationMismatchError,
  OPTIONS_MISMATCH: errors.OptionsMismatchError,
  OUTCOME_UNKNOWN: errors.OutcomeUnknownError,
  OUTDATED: errors.OutdatedError,
  PRIMARY_UNAVAILABLE: errors.PrimaryUnavailableError,
  RECOVERY_REFUSED: errors.RecoveryRefusedError,
  REQUEST_ID_REUSED: errors.RequestIdReusedError,
  RESULT_LOST: errors.ResultLostError,
  SCHEMA_AHEAD: errors.SchemaAheadError,
  SNAPSHOT_LOST: errors.SnapshotLostError,
  SQL: errors.SqlError,
  STALE_READ: errors.StaleReadError,
  STATEMENT_REFUSED: errors.StatementRefusedError,
  STATEMENT_TIMEOUT: errors.StatementTimeoutError,
  STORAGE_CORRUPT: errors.StorageCorruptError,
  STORAGE_FAILED: errors.StorageFailedError,
  STORAGE_FULL: errors.StorageFullError,
  STORAGE_UNAVAILABLE: errors.StorageUnavailableError,
  TRANSACTION_ABORTED: errors.TransactionAbortedError,
  TRANSACTION_LOST: errors.TransactionLostError,
  TRANSACTION_TIMEOUT: errors.TransactionTimeoutError,
  WORKER_FAILED: errors.WorkerFailedError,
} as const satisfies Record<string, new (message: string, details?: ErrorDetails) => TuttiError>

/** The code of every error that Tutti throws, `PARAMETER` for {@link errors.ParameterError} included. */
export type ErrorCode = keyof typeof ERROR_CLASSES | 'PARAMETER'
