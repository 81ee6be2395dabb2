import { DatabaseClosedError, ParameterError } from '../../errors/errors.ts'
import type { SqlRow } from '../rows.ts'
import { createLatest } from './latest.ts'
import type { LiveInfo, LiveStatement } from './live-observer.ts'
import type { LiveScope } from './live-scope.ts'
import type { LiveSource } from './live-source.ts'
import { statementKey } from './statement-key.ts'

/** What `live()` takes beside the statement. */
export interface LiveOptions {
  /** The longest time that one run of the query may take, ms. Default 30,000. */
  readonly timeout?: number
  /** `array`: rows as arrays of their values, which keep columns of one name apart. Default `object`. */
  readonly rowMode?: 'object' | 'array'
}

/**
 * A query whose result is kept up to date: `db.live()` gives it. It runs while somebody follows it, on this
 * tab's own replica, and again after each commit of any tab that may change its result. Rows are frozen,
 * because all who follow an equal query get the same ones; a row that did not change stays the same object.
 */
export class LiveQuery<Row = SqlRow> implements LiveSource<Row>, AsyncIterable<readonly Row[]> {
  readonly #scope: LiveScope
  readonly #statement: LiveStatement

  /** Use `db.live()`. */
  constructor(scope: LiveScope, statement: LiveStatement) {
    this.#scope = scope
    this.#statement = statement
  }

  /** Equal for queries of one handle with the same SQL, parameters and options. */
  get key(): string {
    return `${this.#scope.id} ${statementKey(this.#statement)}`
  }

  /** The last result, the same array until another one comes; `undefined` before the first, and where nobody follows. */
  get current(): readonly Row[] | undefined {
    return this.#scope.current(this.#statement) as readonly Row[] | undefined
  }

  /**
   * Calls the listener with the first result, and with each one that differs from the one before. A query
   * that fails tells `onError`, and goes on: its next result comes when it can be run again. Where the
   * handle is closed or the database deleted, `onError` is told that, as the last word.
   *
   * @param onError where it is missing, errors are reported as uncaught ones
   * @returns a function that stops it
   * @example
   * const stop = db.live<Tune>('select * from tune order by title').subscribe((tunes) => show(tunes))
   */
  subscribe(
    listener: (rows: readonly Row[], info: LiveInfo) => void,
    onError?: (error: Error) => void,
  ): () => void {
    if (typeof listener !== 'function' || !(onError === undefined || typeof onError === 'function'))
      throw new ParameterError('The listener must be a function.')
    return this.#scope.observe(this.#statement, {
      rows: (rows, info) => listener(rows as readonly Row[], info),
      failed: onError ?? this.#scope.report,
      ended: onError ?? (() => undefined),
    })
  }

  /**
   * The results one after the other; whoever is slow gets the newest and none of those between. Ends where
   * the handle is closed.
   *
   * @throws what keeps the query from running, and `DatabaseDeletedError`
   * @example
   * for await (const tunes of db.live<Tune>('select * from tune')) show(tunes)
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<readonly Row[]> {
    return createLatest<readonly Row[]>((sink) =>
      this.#scope.observe(this.#statement, {
        rows: (rows) => sink.value(rows as readonly Row[]),
        failed: (error) => sink.fail(error),
        ended: (error) => (error instanceof DatabaseClosedError ? sink.end() : sink.fail(error)),
      }),
    )
  }
}
