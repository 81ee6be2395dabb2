import {
  AbortedError,
  type ErrorDetails,
  FunctionMissingError,
  type Outcome,
  SqlError,
  StatementRefusedError,
  StatementTimeoutError,
  StorageCorruptError,
  StorageFailedError,
  StorageFullError,
} from '../errors/errors.ts'
import type { Stop } from './deadline.ts'
import { isMissingFunction } from './is-missing-function.ts'
import { AUTH, CORRUPT, CORRUPT_VTAB, FULL, INTERRUPT, IOERR, NOTADB, primaryCode } from './result-codes.ts'
import { SqliteFailure } from './sqlite-failure.ts'

/** What SQLite's own report leaves out. */
export interface FailureContext {
  readonly sql: string
  /** Absent for a statement that only reads. */
  readonly outcome?: Outcome | undefined
  /** What the policy objected to, if it did. */
  readonly refusal?: string | undefined
  /** Why the statement was interrupted, if it was. */
  readonly stopped?: Stop | null
}

/** The public error for what SQLite reported; any other error is given back as it is. */
export function toPublicError(error: unknown, context: FailureContext): unknown {
  if (!(error instanceof SqliteFailure)) return error
  const sql = error.sql ?? context.sql
  const details: ErrorDetails = {
    outcome: context.outcome,
    resultCode: error.resultCode,
    sql,
    offset: error.offset,
  }
  if (context.refusal !== undefined) {
    return new StatementRefusedError(context.refusal, { ...details, outcome: 'not-applied' })
  }
  if (error.resultCode === CORRUPT_VTAB) {
    // Not the file: an FTS5 table does not fit the rows of its content table, which only the app can mend.
    const mend = "for FTS5, insert into the table ('rebuild') under its own name"
    return new SqlError(`The content of a virtual table is inconsistent: ${error.message}; ${mend}`, details)
  }
  if (isMissingFunction(error)) {
    return new FunctionMissingError(
      `${error.message}: neither SQLite defines it, nor the module of the option 'functions' in the build of the ` +
        'tab that ran this statement (writes run in the tab of the primary)',
      details,
    )
  }
  switch (primaryCode(error.resultCode)) {
    case AUTH:
      return new StatementRefusedError(`SQLite did not let it in: ${error.message}`, details)
    case INTERRUPT:
      return context.stopped === 'cancelled'
        ? new AbortedError('The call was aborted while its statement ran', details)
        : new StatementTimeoutError(
            'The statement ran past its deadline: make it smaller, or raise { timeout }',
            details,
          )
    case FULL:
      return new StorageFullError(
        'The quota or the disk is full: free some space; what was committed stays readable',
        details,
      )
    case CORRUPT:
    case NOTADB:
      return new StorageCorruptError(`The database file is damaged: ${error.message}`, details)
    case IOERR:
      return new StorageFailedError(`The storage failed: ${error.message}`, details)
    default:
      return new SqlError(error.message, details)
  }
}
