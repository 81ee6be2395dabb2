export interface QueuedCall<T> {
  /** Whether this tab's replica judges it a read. Asked when its turn comes. */
  readonly isRead: () => boolean
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

  submit<T>({ isRead, read, forward }: QueuedCall<T>): Promise<T> {
    const turn = this.#turn.then(async (): Promise<{ readonly answer: T | Promise<T> }> => {
      if (!isRead()) return { answer: this.#track(forward()) }
      if (this.#writes.size > 0) await Promise.allSettled(this.#writes)
      const answer = await read()
      return { answer: answer ?? forward() }
    })
    this.#turn = turn.catch(() => undefined)
    return turn.then(({ answer }) => answer)
  }

  #track<T>(write: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = write.then(
      () => this.#writes.delete(settled),
      () => this.#writes.delete(settled),
    )
    this.#writes.add(settled)
    return write
  }
}
