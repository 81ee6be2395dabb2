import { type Outcome, SqlError, StatementRefusedError } from '../errors/errors.ts'
import type { Clock } from '../platform/platform.ts'
import type { Params, StatementResult } from '../protocol/values.ts'
import type { Connection } from './connection.ts'
import { Deadline, type Limits } from './deadline.ts'
import { type FetchedRows, fetchRows } from './fetch-rows.ts'
import { type Observer, Policy } from './policy.ts'
import { Prepared } from './prepared.ts'
import { type Rows, runStatement } from './run-statement.ts'
import { SCOPES, type Scope } from './scope.ts'
import { toPublicError } from './sql-errors.ts'
import { firstKeyword, skipBlanks } from './sql-lexer.ts'
import { StatementCache } from './statement-cache.ts'

const VACUUM_REFUSAL =
  'VACUUM is not let in: it cannot run in the transaction that keeps the version, and would move every page; ' +
  'db.import(await db.export()) compacts the file'

export interface RunnerDeps {
  readonly connection: Connection
  readonly clock: Pick<Clock, 'mono'>
  /** Called now and then while a statement runs. */
  readonly onProgress: () => void
}

/** How one prepared statement is to run. */
export interface Run {
  readonly params?: Params | undefined
  readonly rows: Rows
  readonly scope: Scope
  readonly limits: Limits
}

/**
 * SQL of the app on one connection: past the policy, through the cache, under the deadline, with public
 * errors. Knows no transactions.
 */
export class StatementRunner {
  readonly #connection: Connection
  readonly #policy: Policy
  readonly #deadline: Deadline
  readonly #cache = new StatementCache()
  /** Whether the transaction under way changed the schema. */
  #schemaChanged = false
  /** Whether SQLite may still know an older schema: it looks only when it runs something. */
  #stale = false

  constructor({ connection, clock, onProgress }: RunnerDeps) {
    this.#connection = connection
    this.#policy = new Policy(connection)
    this.#deadline = new Deadline(connection, clock, onProgress)
  }

  /**
   * The one statement of `sql`; release it after use.
   * @throws StatementRefusedError, or SqlError when SQLite cannot prepare it.
   */
  prepare(sql: string, scope: Scope): Prepared {
    const cached = this.#cache.get(sql)
    if (cached !== undefined) return cached.use()
    const { prepared, tail } = this.#prepareNext(sql, 0, scope)
    if (prepared === null) {
      throw new SqlError('There is no statement in this text', { sql, outcome: 'not-applied' })
    }
    if (skipBlanks(sql, tail) < sql.length) {
      prepared.release()
      throw new StatementRefusedError(
        'The text holds more than one statement, and this call runs one: use db.exec() or db.batch()',
        { sql, outcome: 'not-applied' },
      )
    }
    this.#cache.put(sql, prepared)
    return prepared
  }

  /**
   * Prepares the statement of `sql` anew, for nothing but to tell `observer` what SQLite asks meanwhile.
   * @throws as {@link prepare}.
   */
  observe(sql: string, scope: Scope, observer: Observer): void {
    this.#policy.observe(observer, () => this.#prepareNext(sql, 0, scope)).prepared?.release()
  }

  /**
   * The statements of a script, each prepared when the one before it is done with: it may need what that
   * one made. Release each.
   */
  *prepareScript(sql: string, scope: Scope): Generator<Prepared, void, undefined> {
    for (let offset = 0; ; ) {
      const { prepared, tail } = this.#prepareNext(sql, offset, scope)
      if (prepared === null) return
      yield prepared
      offset = tail
    }
  }

  /**
   * Runs what was prepared, and leaves it ready for the next run.
   * @throws ParameterError, StatementRefusedError, StatementTimeoutError, AbortedError, SqlError, or the
   *   storage's errors. Whether SQLite ended the transaction is for the caller to see.
   */
  run(prepared: Prepared, { params, rows, scope, limits }: Run): StatementResult {
    try {
      const result = this.#policy.enter(scope, () =>
        this.#deadline.run(limits, () =>
          runStatement(this.#connection, prepared, { params, rows, keepRowid: scope.counters }),
        ),
      )
      if (prepared.traits.definesSchema) {
        this.#cache.clear()
        this.#schemaChanged = true
      }
      return result
    } catch (error) {
      throw this.#toPublic(error, prepared.statement.sql, prepared.readonly ? undefined : 'not-applied')
    }
  }

  /**
   * Runs what was prepared and bound for about `size` bytes of rows; call it again for those that follow.
   * @throws as {@link run}.
   */
  fetch(prepared: Prepared, size: number, limits: Limits): FetchedRows {
    try {
      return this.#policy.enter(SCOPES.single, () =>
        this.#deadline.run(limits, () => fetchRows(prepared, size)),
      )
    } catch (error) {
      throw this.#toPublic(error, prepared.statement.sql, undefined)
    }
  }

  /** Call after a schema change that did not come through {@link run}. */
  forgetSchema(): void {
    this.#cache.clear()
    this.#stale = true
  }

  /** Call after COMMIT. */
  committed(): void {
    this.#schemaChanged = false
  }

  /** Call after ROLLBACK: what was prepared since the schema changed knows a schema that is gone again. */
  rolledBack(): void {
    this.rolledBackTo()
    this.#schemaChanged = false
  }

  /** Call after ROLLBACK TO. */
  rolledBackTo(): void {
    if (this.#schemaChanged) this.#cache.clear()
  }

  #prepareNext(sql: string, offset: number, scope: Scope): { prepared: Prepared | null; tail: number } {
    const start = skipBlanks(sql, offset)
    if (start === sql.length) return { prepared: null, tail: start }
    if (firstKeyword(sql.slice(start, start + 10)) === 'VACUUM') {
      throw new StatementRefusedError(VACUUM_REFUSAL, { sql, outcome: 'not-applied' })
    }
    try {
      if (this.#stale) this.#connection.scalar('select count(*) from sqlite_schema')
      this.#stale = false
      const { statement, tail } = this.#policy.enter(scope, () => this.#connection.prepareNext(sql, start))
      const prepared = statement === null ? null : new Prepared(statement, this.#policy.traits).use()
      return { prepared, tail }
    } catch (error) {
      throw this.#toPublic(error, sql, 'not-applied')
    }
  }

  #toPublic(error: unknown, sql: string, outcome: Outcome | undefined): unknown {
    const { refusal } = this.#policy
    return toPublicError(error, { sql, outcome, refusal, stopped: this.#deadline.stopped })
  }
}
