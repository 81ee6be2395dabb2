import { TransactionLostError, type TuttiError } from '../errors/errors.ts'

/** Reasons that are kept, each for its transaction's next call. */
const KEPT = 1000

/** Why interactive transactions were ended before their members ended them. */
export class DeadTransactions {
  readonly #reasons = new Map<string, TuttiError>()

  add(tx: string, reason: TuttiError): void {
    this.#reasons.set(tx, reason)
    const [oldest] = this.#reasons.keys()
    if (this.#reasons.size > KEPT && oldest !== undefined) this.#reasons.delete(oldest)
  }

  /** Its member knows, and has rolled it back. */
  forget(tx: string): void {
    this.#reasons.delete(tx)
  }

  /** What a call in a transaction that is not open ends with. */
  reasonOf(tx: string): TuttiError {
    return (
      this.#reasons.get(tx) ??
      new TransactionLostError('The primary of this transaction is gone; it was rolled back. Run it again.', {
        outcome: 'not-applied',
      })
    )
  }
}
