import { AbortedError, InternalError } from '../errors/errors.ts'
import type { HeldLock, Locks } from '../platform/platform.ts'
import type { Lifecycle } from '../protocol/page-messages.ts'
import { createDeferred } from './deferred.ts'
import type { PageEnvironment } from './page-environment.ts'
import { within } from './within.ts'

/** What has a turn. It ends soon after the signal is aborted. */
export type ExclusiveCallback<Result> = (signal: AbortSignal) => Promise<Result> | Result

export interface ExclusiveEnvironment extends Pick<PageEnvironment, 'clock' | 'life'> {
  /** The page's own: what a suspended page has, it can still give back in its last event. */
  readonly locks: Pick<Locks, 'request'>
}

interface Turn {
  readonly held: HeldLock
  readonly controller: AbortController
}

/** How long a callback whose turn is taken back on purpose still keeps the others waiting, ms. */
const GRACE = 2_000

/**
 * One call of `runExclusive`: waits for the lock, runs the callback, and queues again where the turn was lost
 * although nobody gave it up. Knows neither the database nor what the callback does.
 */
export class ExclusiveCall<Result> {
  readonly promise: Promise<Result>
  readonly #environment: ExclusiveEnvironment
  readonly #lock: Promise<string>
  readonly #callback: ExclusiveCallback<Result>
  readonly #resolve: (result: Result) => void
  readonly #reject: (error: Error) => void
  readonly #stopListening: () => void
  #over = false
  #suspended = false
  #wake: () => void = () => undefined
  /** Present while it waits for the lock. */
  #request: AbortController | undefined
  /** Present while it has the lock. */
  #turn: Turn | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(environment: ExclusiveEnvironment, lock: Promise<string>, callback: ExclusiveCallback<Result>) {
    this.#environment = environment
    this.#lock = lock
    this.#callback = callback
    const deferred = createDeferred<Result>()
    this.promise = deferred.promise
    this.#resolve = deferred.resolve
    this.#reject = deferred.reject
    this.#stopListening = environment.life.listen((state) => this.#live(state))
    void this.#takeTurns()
  }

  /** Ends it with `error`. Resolves when the next one has its turn: when the callback has ended, or `GRACE` ms later. */
  async end(error: Error, reason: unknown = error): Promise<void> {
    this.#finish(() => this.#reject(error))
    this.#request?.abort()
    this.#wake()
    this.#turn?.controller.abort(reason)
    await within(this.#environment.clock, GRACE, this.#running)
    this.#turn?.held.release()
    this.#turn = undefined
  }

  #live(state: Lifecycle): void {
    if (state === 'suspended') {
      this.#suspended = true
      // What has the lock, or could be given it, while its code does not run would keep all others waiting.
      this.#request?.abort()
      this.#lose('the tab is suspended')
    } else if (state === 'resumed') {
      this.#suspended = false
      this.#wake()
    }
  }

  #lose(why: string): void {
    const turn = this.#turn
    if (turn === undefined) return
    this.#turn = undefined
    turn.held.release()
    turn.controller.abort(new AbortedError(`The turn was lost: ${why}.`))
  }

  async #takeTurns(): Promise<void> {
    try {
      const name = await this.#lock
      while (!this.#over) {
        if (this.#suspended) await new Promise<void>((resolve) => void (this.#wake = resolve))
        else {
          const held = await this.#wait(name)
          if (held !== undefined) await this.#run(held)
        }
      }
    } catch (cause) {
      const error = new InternalError('The lock for runExclusive() could not be asked for.', { cause })
      this.#finish(() => this.#reject(error))
    }
  }

  /** `undefined` where the wait was given up. */
  async #wait(name: string): Promise<HeldLock | undefined> {
    const request = new AbortController()
    this.#request = request
    try {
      const held = await this.#environment.locks.request(name, { signal: request.signal })
      if (!request.signal.aborted) return held
      held.release()
    } catch (error) {
      if (!request.signal.aborted) throw error
    } finally {
      this.#request = undefined
    }
    return undefined
  }

  /** What the callback brought counts only if it had its turn to the end. */
  async #run(held: HeldLock): Promise<void> {
    const controller = new AbortController()
    this.#turn = { held, controller }
    void held.lost.then(() => this.#lose('the browser, or another tab, took the lock away'))
    // The callback may also throw without a promise.
    const running = (async () => this.#callback(controller.signal))()
    this.#running = running
    const { signal } = controller
    const settle = await running.then(
      (result) => () => this.#resolve(result),
      (error: unknown) => () => this.#reject(error as Error),
    )
    if (!signal.aborted) this.#finish(settle)
    held.release()
    if (this.#turn?.held === held) this.#turn = undefined
  }

  #finish(settle: () => void): void {
    if (this.#over) return
    this.#over = true
    this.#stopListening()
    settle()
  }
}
