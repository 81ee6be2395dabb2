import { TransactionAbortedError, TransactionLostError, WorkerFailedError } from '../errors/errors.ts'
import type { Answer } from './ask.ts'

/** The calls of one run of a transaction's callback: which still run, whether the transaction was lost, and the end. */
export class TransactionCalls {
  readonly #running = new Set<Promise<Answer>>()
  #over = false
  #lost = false

  /** True when a call ended because the transaction's primary or member died before the commit. */
  get lost(): boolean {
    return this.#lost
  }

  /** Makes a call, unless the transaction is over. */
  async run(send: () => Promise<Answer>): Promise<Answer> {
    if (this.#over) {
      const message = 'The transaction is over: its callback has ended. Await its calls inside the callback.'
      throw new TransactionAbortedError(message, { outcome: 'not-applied' })
    }
    return await this.#track(send())
  }

  /** Makes the commit: the one call after the end. */
  async runLast(send: () => Promise<Answer>): Promise<Answer> {
    return await this.#track(send())
  }

  async #track(answer: Promise<Answer>): Promise<Answer> {
    this.#running.add(answer)
    try {
      return await answer
    } catch (error) {
      this.#lost ||= isLoss(error)
      throw error
    } finally {
      this.#running.delete(answer)
    }
  }

  /** No more calls. */
  end(): void {
    this.#over = true
  }

  /**
   * No more calls; waits for those that the callback did not await.
   *
   * @throws the error of one that fails now, because nobody else would hear of it
   */
  async finish(): Promise<void> {
    this.end()
    const ends = await Promise.allSettled([...this.#running])
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

function isLoss(error: unknown): boolean {
  const died = error instanceof TransactionLostError || error instanceof WorkerFailedError
  return died && error.outcome === 'not-applied'
}
