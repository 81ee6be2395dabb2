import { ERROR, primaryCode } from './result-codes.ts'
import type { SqliteFailure } from './sqlite-failure.ts'

const MISSING = /^(?:error in .*: )?(?:no such function|unknown function|no such collation sequence): \S+$/

/** Whether a function or collation is not defined. SQLite has no code of its own for it. */
export function isMissingFunction({ resultCode, message }: SqliteFailure): boolean {
  return primaryCode(resultCode) === ERROR && MISSING.test(message)
}
