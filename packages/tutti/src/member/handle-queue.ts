export interface QueuedCall<T> {
  /** Whether this tab's replica judges it a read. Asked when its turn comes. */
  readonly isRead: () => boolean
  /** Whether it may be a read, where only the primary can judge. */
  readonly mayBeRead: boolean
  /** Reads the replica; `undefined` where only the primary can answer. */
  readonly read: () => Promise<T | undefined>
  /** Sends it to the primary. */
  readonly forward: () => Promise<T>
}

/**
 * Calls of one handle take effect in the order they were made, awaited or not: what goes to the primary
 * is sent in that order without waiting for answers, a read waits until the writes before it are settled.
 */
export class HandleQueue {
  #turn: Promise<unknown> = Promise.resolve()
  readonly #writes = new Set<Promise<unknown>>()
  readonly #forwardedReads = new Set<Promise<unknown>>()
  /** Interactive transactions whose callback has not begun: what is called now was called after them. */
  readonly #beginning = new Map<string, Promise<unknown>>()
  readonly #endTransaction = new Map<string, () => void>()

  submit<T>(call: QueuedCall<T>): Promise<T> {
    const before = [...this.#beginning.values()]
    const turn = this.#turn.then(() => this.#take(call, before))
    this.#turn = turn.catch(() => undefined)
    return turn.then(({ answer }) => answer)
  }

  /**
   * An interactive transaction was asked for. A read that is called before its callback begins waits for
   * its end; one that is called later may come from the callback itself, and sees the state before it.
   */
  transactionAsked(tx: string): void {
    const ended = new Promise<void>((resolve) => this.#endTransaction.set(tx, resolve))
    this.#beginning.set(tx, ended)
  }

  transactionBegun(tx: string): void {
    this.#beginning.delete(tx)
  }

  transactionEnded(tx: string): void {
    this.#beginning.delete(tx)
    this.#endTransaction.get(tx)?.()
    this.#endTransaction.delete(tx)
  }

  async #take<T>(
    { isRead, mayBeRead, read, forward }: QueuedCall<T>,
    before: readonly Promise<unknown>[],
  ): Promise<{ readonly answer: T | Promise<T> }> {
    if (isRead()) {
      await Promise.allSettled([...this.#writes, ...this.#forwardedReads, ...before])
      const answer = await read()
      return { answer: answer ?? track(this.#forwardedReads, forward()) }
    }
    // A read that is asked again of the next primary must not see what was called after it, nor less than a read was.
    await Promise.allSettled(this.#forwardedReads)
    return { answer: track(mayBeRead ? this.#forwardedReads : this.#writes, forward()) }
  }
}

function track<T>(running: Set<Promise<unknown>>, call: Promise<T>): Promise<T> {
  const settled: Promise<unknown> = call.then(
    () => running.delete(settled),
    () => running.delete(settled),
  )
  running.add(settled)
  return call
}
