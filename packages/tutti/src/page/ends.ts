import { DatabaseClosedError, DatabaseDeletedError, type Outcome } from '../errors/errors.ts'

/** What a call of a closed handle is told. @param outcome what is known of it, where it was a write */
export function closedError(outcome?: Outcome): DatabaseClosedError {
  return new DatabaseClosedError('The database was closed by close(): open() it again.', { outcome })
}

/** What a call is told whose database is gone. @param outcome what is known of it, where it was a write */
export function deletedError(outcome?: Outcome): DatabaseDeletedError {
  return new DatabaseDeletedError('The database was deleted: open() makes a new, empty one.', { outcome })
}
