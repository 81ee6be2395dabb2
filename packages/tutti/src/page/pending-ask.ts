import { AbortedError, CallTimeoutError, type ErrorDetails, type Outcome } from '../errors/errors.ts'
import { deserializeError } from '../errors/wire.ts'
import type { Timer } from '../platform/platform.ts'
import type { Reply } from './ask.ts'
import { createDeferred } from './deferred.ts'
import type { CancelToken, PageClock } from './page-environment.ts'

export interface PendingAskOptions {
  readonly clock: PageClock
  /** Which handle asked. */
  readonly handle: number
  /** What is known of it when no reply ever comes. */
  readonly lost: Outcome | undefined
  /** The call's bound, ms: the member keeps it; the page only makes sure, by calling {@link PendingAsk.expire}. */
  readonly bound: number
  readonly id: string | undefined
  readonly signal: AbortSignal | undefined
  /** Present with `signal`: what the workers look at. */
  readonly token: CancelToken | undefined
  /** Asks the member to give up. */
  readonly cancel: () => void
  /** Called just before the promise settles, and whenever it would settle again. */
  readonly ended: () => void
}

/** What the member gets on top, to answer itself and in its own words. */
const GRACE = 5_000
const CANCEL_BOUND = 1_000

/**
 * One ask that waits for its reply, and its three other ends: the signal, the worker's death, and the
 * page's own bound, so that a dead or busy member never leaves a promise hanging (P4).
 */
export class PendingAsk {
  readonly promise: Promise<Reply>
  /** When it expires, by the monotonic clock. */
  readonly due: number
  readonly #options: PendingAskOptions
  readonly #resolve: (reply: Reply) => void
  readonly #reject: (error: Error) => void
  #givesUp: Timer | undefined

  constructor(options: PendingAskOptions) {
    this.#options = options
    const deferred = createDeferred<Reply>()
    this.promise = deferred.promise
    this.#resolve = deferred.resolve
    this.#reject = deferred.reject
    this.due = options.clock.mono() + options.bound + GRACE
    options.signal?.addEventListener('abort', this.#abort, { once: true })
  }

  get handle(): number {
    return this.#options.handle
  }

  /** What an error made on this page knows of this ask. */
  details(cause?: unknown): ErrorDetails {
    return { outcome: this.#options.lost, requestId: this.#options.id, cause }
  }

  settle(reply: Reply): void {
    if (reply.error === undefined) return this.#end(() => this.#resolve(reply))
    const error = deserializeError(reply.error)
    // A signal's reason is this page's own object: it never crossed to the worker.
    if (error instanceof AbortedError && this.#options.signal?.aborted === true) {
      const { message, outcome, requestId } = error
      return this.fail(new AbortedError(message, { outcome, requestId, cause: this.#options.signal.reason }))
    }
    this.fail(error)
  }

  expire(): void {
    const message = `No answer came from this tab's worker within ${this.#options.bound / 1000} s.`
    this.fail(new CallTimeoutError(message, this.details()))
  }

  fail(error: Error): void {
    this.#end(() => this.#reject(error))
  }

  cancel(): void {
    this.#options.token?.revoke()
    this.#options.cancel()
  }

  readonly #abort = (): void => {
    this.cancel()
    const { clock, signal } = this.#options
    const giveUp = (): void => {
      const message = 'The signal was aborted, and no answer came within a second.'
      this.fail(new AbortedError(message, this.details(signal?.reason)))
    }
    this.#givesUp = clock.after(CANCEL_BOUND, giveUp)
  }

  /** All of it can be done again, and changes nothing then. */
  #end(settle: () => void): void {
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#options.token?.revoke()
    this.#givesUp?.cancel()
    this.#options.ended()
    settle()
  }
}
