import { TransactionAbortedError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { StatementResult } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import { SCOPES } from '../sqlite/scope.ts'
import { rollBack } from './commit-version.ts'
import type { Core } from './core.ts'
import { runCall } from './run-call.ts'

/**
 * A transaction that an app keeps open between calls. Knows neither its owner nor its deadlines; when it
 * is dead, because SQLite ended it, only {@link end} is left.
 */
export class InteractiveTransaction {
  readonly #core: Core
  #dead = false
  #wrote = false

  constructor(core: Core) {
    this.#core = core
    core.transactor.begin('immediate')
    // What last_insert_rowid() says must not come from somebody else's write.
    core.connection.setLastInsertRowid(0n)
  }

  /** True once a statement was run that is not read-only. */
  get wrote(): boolean {
    return this.#wrote
  }

  /** @throws TransactionAbortedError from the statement on that made SQLite end the transaction (R18). */
  run(call: StatementCall, limits: Limits): StatementResult[] {
    this.assertAlive()
    const { transactor, runner } = this.#core
    const several = call.op !== 'statement'
    const options = {
      scope: several ? SCOPES.severalInTransaction : SCOPES.transaction,
      limits,
      onWrite: () => {
        this.#wrote = true
      },
    }
    try {
      const work = () => runCall(this.#core, call, options)
      return several ? transactor.atomically(work) : work()
    } catch (error) {
      if (transactor.open) runner.rolledBackTo()
      else {
        mark('a transaction is ended by SQLite')
        this.#dead = true
        rollBack(this.#core)
      }
      throw error
    }
  }

  /** @throws TransactionAbortedError when SQLite has ended it. */
  assertAlive(): void {
    if (!this.#dead) return
    throw new TransactionAbortedError(
      'SQLite ended this transaction at an earlier statement and rolled it back: begin a new one',
      { outcome: 'not-applied' },
    )
  }

  /** Rolls back what is left of it. */
  end(): void {
    rollBack(this.#core)
  }
}
