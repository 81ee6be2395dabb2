import type { Connection } from '../sqlite/connection.ts'
import { IOERR, primaryCode } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import type { TappedDelta } from '../storage/delta-queue.ts'
import type { PrimaryFiles } from '../storage/primary-files.ts'
import { EngineBroken } from './engine.ts'

const SAVEPOINT = 'tutti_savepoint'

/**
 * BEGIN, COMMIT and ROLLBACK of the primary's connection, and the one place that decides whether a failure
 * leaves a doubt (R17). Knows nothing of what is written.
 */
export class Transactor {
  readonly #connection: Connection
  readonly #files: PrimaryFiles
  readonly #statements

  constructor(connection: Connection, files: PrimaryFiles) {
    this.#connection = connection
    this.#files = files
    this.#statements = {
      begin: connection.prepare('begin'),
      beginImmediate: connection.prepare('begin immediate'),
      commit: connection.prepare('commit'),
      rollback: connection.prepare('rollback'),
    }
  }

  /** True while a transaction is open; SQLite may have ended it by itself (R18). */
  get open(): boolean {
    return !this.#connection.autocommit
  }

  /** `deferred` takes a snapshot and no lock before the first write. */
  begin(kind: 'immediate' | 'deferred'): void {
    const { begin, beginImmediate } = this.#statements
    this.#sure(() => (kind === 'immediate' ? beginImmediate : begin).all())
  }

  /**
   * Commits. The pages that changed, `null` when none did.
   * @throws SqliteFailure when nothing was committed and everything is rolled back; EngineBroken when
   *   nobody can say.
   */
  commit(): TappedDelta | null {
    try {
      this.#statements.commit.all()
    } catch (error) {
      if (!isHarmless(error) || this.#files.poisoned) throw new EngineBroken(this.#files.cause ?? error)
      this.rollback()
      throw error
    }
    if (this.#files.poisoned) throw new EngineBroken(this.#files.cause)
    return this.#files.takeDelta()
  }

  /** Rolls back what is left of the transaction, if anything is. */
  rollback(): void {
    this.#sure(() => {
      if (this.open) this.#statements.rollback.all()
    })
  }

  /** Runs `work` so that a failure undoes all of it and nothing before it, as far as the transaction lives. */
  atomically<T>(work: () => T): T {
    this.#connection.exec(`savepoint ${SAVEPOINT}`)
    try {
      const result = work()
      if (this.open) this.#connection.exec(`release ${SAVEPOINT}`)
      return result
    } catch (error) {
      if (this.open) {
        this.#sure(() => this.#connection.exec(`rollback to ${SAVEPOINT}; release ${SAVEPOINT}`))
      }
      throw error
    }
  }

  /** Throws EngineBroken if storage failed in a way that only reopening can clear up. */
  assertSound(): void {
    if (this.#files.poisoned) throw new EngineBroken(this.#files.cause)
  }

  /** For steps whose failure leaves a transaction that nobody can end. */
  #sure(step: () => void): void {
    try {
      step()
    } catch (error) {
      throw new EngineBroken(error)
    }
    this.assertSound()
  }
}

/** An I/O error at COMMIT leaves a doubt; a full disk or a deferred foreign key does not. */
function isHarmless(error: unknown): boolean {
  return error instanceof SqliteFailure && primaryCode(error.resultCode) !== IOERR
}
