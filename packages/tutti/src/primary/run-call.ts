import { StatementRefusedError, TransactionAbortedError } from '../errors/errors.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { StatementResult } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import type { Prepared } from '../sqlite/prepared.ts'
import type { Run, StatementRunner } from '../sqlite/statement-runner.ts'
import type { Transactor } from './transactor.ts'

export interface RunCallDeps {
  readonly connection: Connection
  readonly runner: StatementRunner
  readonly transactor: Transactor
}

/** Where a call runs, and who wants to know what of it. */
export interface RunCallOptions extends Pick<Run, 'scope' | 'limits'> {
  /** Called before the first statement that is not read-only; what it throws ends the call. */
  readonly onWrite: () => void
}

/**
 * Runs the statements of one call inside the transaction that is open; it is for the caller to end it,
 * also when this throws.
 */
export function runCall(deps: RunCallDeps, call: StatementCall, options: RunCallOptions): StatementResult[] {
  const { runner } = deps
  const { scope, limits } = options
  switch (call.op) {
    case 'statement': {
      const prepared = runner.prepare(call.sql, scope)
      return [runOne(deps, prepared, { params: call.params, rows: call.rows, scope, limits }, options)]
    }
    case 'batch':
      return call.statements.map(({ sql, params }) =>
        runOne(deps, runner.prepare(sql, scope), { params, rows: 'all', scope, limits }, options),
      )
    case 'script':
      runScript(deps, call.sql, options)
      return []
    default:
      return call satisfies never
  }
}

/** Runs all statements of a script, dropping their rows. */
export function runScript(deps: RunCallDeps, sql: string, options: RunCallOptions): void {
  const { scope, limits } = options
  for (const prepared of deps.runner.prepareScript(sql, scope)) {
    runOne(deps, prepared, { rows: 'none', scope, limits }, options)
  }
}

function runOne(
  deps: RunCallDeps,
  prepared: Prepared,
  run: Run,
  { onWrite }: RunCallOptions,
): StatementResult {
  const { runner, transactor } = deps
  try {
    if (!prepared.readonly) onWrite()
    const result = prepared.traits.alters
      ? transactor.atomically(() => runAltering(deps, prepared, run))
      : runner.run(prepared, run)
    if (!transactor.open) {
      throw new TransactionAbortedError(
        'SQLite ended the transaction at this statement: all of it is rolled back',
        {
          outcome: 'not-applied',
          sql: prepared.statement.sql,
        },
      )
    }
    return result
  } finally {
    prepared.release()
  }
}

/** The authorizer is not told the new name of ALTER TABLE … RENAME TO: look at what came out. */
function runAltering({ connection, runner }: RunCallDeps, prepared: Prepared, run: Run): StatementResult {
  const count = () =>
    connection.scalar(`select count(*) from sqlite_schema where name like 'tutti\\_%' escape '\\'`)
  const before = count()
  const result = runner.run(prepared, run)
  if (count() === before) return result
  runner.forgetSchema()
  throw new StatementRefusedError('Names that begin with tutti_ belong to Tutti: choose another one', {
    outcome: 'not-applied',
    sql: prepared.statement.sql,
  })
}
