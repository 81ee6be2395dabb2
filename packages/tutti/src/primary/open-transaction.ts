import { TransactionTimeoutError } from '../errors/errors.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import type { StatementResult } from '../protocol/values.ts'

export interface OpenTransactionOptions {
  readonly clock: Clock
  readonly tx: string
  readonly member: string
  /** Bounds of the whole and of each pause, ms. */
  readonly timeout: number
  readonly idle: number
  readonly onExpired: (error: TransactionTimeoutError) => void
  /** SQL that waits behind this transaction and came from the same tab, for the message (R19). */
  readonly waiting: () => string | undefined
}

/** The one interactive transaction that a primary has open: its owner and its deadlines. */
export class OpenTransaction {
  readonly tx: string
  readonly member: string
  readonly openedAt: number
  /** Monotonic clock, ms. */
  readonly deadline: number
  readonly #options: OpenTransactionOptions
  readonly #total: Timer
  /** What each request gave, until the transaction ends. */
  readonly #given = new Map<number, () => readonly StatementResult[]>()
  #idle: Timer | undefined

  constructor(options: OpenTransactionOptions) {
    this.#options = options
    this.tx = options.tx
    this.member = options.member
    this.openedAt = options.clock.mono()
    this.deadline = this.openedAt + options.timeout
    this.#total = options.clock.after(options.timeout, () =>
      this.#expire(`did not end within its timeout of ${options.timeout} ms`),
    )
    this.rest()
  }

  /** Runs a request of this transaction, or tells again what it gave: a tab that was away asks anew. */
  once(seq: number, run: () => readonly StatementResult[]): readonly StatementResult[] {
    const known = this.#given.get(seq)
    if (known !== undefined) return known()
    try {
      const results = run()
      this.#given.set(seq, () => results)
      return results
    } catch (error) {
      this.#given.set(seq, () => {
        throw error
      })
      throw error
    }
  }

  /** A statement begins: the transaction is not idle. */
  work(): void {
    this.#idle?.cancel()
  }

  /** Waits for the next statement. */
  rest(): void {
    this.#idle?.cancel()
    const { clock, idle } = this.#options
    this.#idle = clock.after(idle, () => this.#expire(`was idle for more than ${idle} ms`))
  }

  close(): void {
    this.#total.cancel()
    this.#idle?.cancel()
  }

  #expire(reason: string): void {
    const waiting = this.#options.waiting()
    const hint =
      waiting === undefined
        ? 'Keep awaits that are not database calls out of transaction(), or raise its bounds.'
        : `A write of the same tab waits behind it: use tx instead of db inside the callback for "${waiting}".`
    this.#options.onExpired(
      new TransactionTimeoutError(`The transaction ${reason} and was rolled back. ${hint}`, {
        outcome: 'not-applied',
      }),
    )
  }
}
