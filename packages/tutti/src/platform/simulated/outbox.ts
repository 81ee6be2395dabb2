import type { SimulatedContext } from './context.ts'

/** Messages older than this have left the process of the sender and outlive it, ms. */
const IN_PROCESS = 3

/** One message on its way. */
export interface Dispatch {
  /** False when it went down with its sender. */
  survives(): boolean
  /** Somebody got it, so it and all before it had left the sender. */
  arrived(): void
}

/**
 * What one channel or port of a context sends. When the context dies, the last messages may or may
 * not have left its process: some of them, from the end backwards, are lost for all receivers alike.
 */
export class Outbox {
  readonly #context: SimulatedContext
  #sent = 0
  #left = 0
  /** The number and time of the messages that may still be in the process. */
  #recent: { readonly number: number; readonly at: number }[] = []
  /** The last message that left, once the sender is dead. */
  #last = Number.POSITIVE_INFINITY

  constructor(context: SimulatedContext) {
    this.#context = context
    context.onDeath(() => this.#cut())
  }

  dispatch(): Dispatch {
    const number = ++this.#sent
    const at = this.#context.now
    this.#forget(at)
    this.#recent.push({ number, at })
    return {
      survives: () => number <= this.#last && at <= this.#context.diedAt,
      arrived: () => {
        this.#left = Math.max(this.#left, number)
      },
    }
  }

  #forget(now: number): void {
    while (this.#recent.length > 0 && (this.#recent[0]?.at ?? 0) < now - IN_PROCESS) {
      this.#left = Math.max(this.#left, this.#recent.shift()?.number ?? 0)
    }
  }

  #cut(): void {
    this.#forget(this.#context.diedAt)
    if (this.#context.prng.chance(0.5)) return
    this.#last = this.#left + this.#context.prng.below(this.#sent - this.#left + 1)
  }
}
