import type { Database, Transaction, TransactionOptions } from '../../index.ts'

/** What lets the callback end. */
interface End {
  readonly commit: () => void
  readonly rollback: () => void
}

/** Thrown inside the callback to roll back, and never seen outside. */
const ROLLBACK = Symbol('rollback')

/**
 * A transaction with a begin and an end of its own, over `db.transaction()`, which has a callback: the
 * callback waits until it is told to commit or to roll back. It cannot run again, so it is not retried.
 */
export class OpenTransaction {
  readonly #tx: Transaction
  readonly #settled: Promise<void>
  readonly #end: End
  /** Why the transaction ended by itself: a deadline, most likely. */
  #failure: unknown

  private constructor(tx: Transaction, settled: Promise<void>, end: End) {
    this.#tx = tx
    this.#settled = settled
    this.#end = end
    settled.catch((error: unknown) => {
      this.#failure = error
    })
  }

  /** @throws whatever keeps the transaction from beginning */
  static async begin(
    db: Database,
    options: Pick<TransactionOptions, 'timeout' | 'idle'>,
  ): Promise<OpenTransaction> {
    return await new Promise((begun, failed) => {
      const settled = db.transaction(
        (tx) =>
          new Promise<void>((commit, reject) => {
            begun(new OpenTransaction(tx, settled, { commit, rollback: () => reject(ROLLBACK) }))
          }),
        { ...options, retry: false },
      )
      settled.catch(failed)
    })
  }

  /** @throws where the transaction is over, why it ended: that says more than that it did */
  async run<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#tx)
    } catch (error) {
      throw this.#failure ?? error
    }
  }

  /** @throws where it did not commit, or nobody can say; it is over in any case */
  async commit(): Promise<void> {
    this.#end.commit()
    await this.#settled
  }

  /** Resolves also where the transaction has ended by itself: nothing of it is there. */
  async rollback(): Promise<void> {
    this.#end.rollback()
    await this.#settled.catch(() => undefined)
  }
}
