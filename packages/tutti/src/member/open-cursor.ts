import type { Clock } from '../platform/platform.ts'
import type { Statement } from '../protocol/values.ts'
import { SCOPES } from '../sqlite/scope.ts'
import { StatementRunner } from '../sqlite/statement-runner.ts'
import type { Snapshot } from '../storage/snapshot.ts'
import type { ReplicaCursor } from './replica.ts'

/**
 * A statement that reads, on a snapshot, which it closes at its end.
 * @throws ParameterError
 */
export function openCursor(
  snapshot: Snapshot,
  clock: Pick<Clock, 'mono'>,
  { sql, params = [] }: Statement,
): ReplicaCursor {
  try {
    const runner = new StatementRunner({ connection: snapshot.connection, clock, onProgress: () => {} })
    const prepared = runner.prepare(sql, SCOPES.single)
    prepared.statement.bind(params)
    return {
      get kept() {
        return snapshot.kept
      },
      next: (size, limits) => runner.fetch(prepared, size, limits),
      close: () => snapshot.close(),
    }
  } catch (error) {
    snapshot.close()
    throw error
  }
}
