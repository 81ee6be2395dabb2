import type { Connection } from './connection.ts'
import { isMissingFunction } from './is-missing-function.ts'
import { SqliteFailure } from './sqlite-failure.ts'

/**
 * What the check finds first; `undefined` where it finds nothing, and where it needs a function or collation
 * that this build does not define: then nobody can look from here.
 * @throws SqliteFailure where the file cannot even be read
 */
export function findDamage(
  connection: Connection,
  check: 'quick_check' | 'integrity_check',
): string | undefined {
  try {
    const problem = connection.unguarded(() => connection.scalar(`pragma ${check}(1)`))
    return problem === 'ok' ? undefined : String(problem)
  } catch (error) {
    if (error instanceof SqliteFailure && isMissingFunction(error)) return undefined
    throw error
  }
}
