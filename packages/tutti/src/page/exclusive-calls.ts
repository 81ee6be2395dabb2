import { aborted } from './aborted.ts'
import { createDeferred } from './deferred.ts'
import type { ExclusiveCallback } from './exclusive-call.ts'
import type { DatabaseId, ExclusiveTurns } from './exclusive-turns.ts'
import { loadCode } from './load-code.ts'
import type { PageEnvironment } from './page-environment.ts'

/** A handle's way to {@link ExclusiveTurns}, which is loaded with the first call of `runExclusive`. */
export class ExclusiveCalls {
  readonly #environment: PageEnvironment
  readonly #database: DatabaseId
  /** Calls that wait until it is loaded. */
  readonly #waiting = new Set<(error: Error) => void>()
  #loading: Promise<ExclusiveTurns> | undefined
  #turns: ExclusiveTurns | undefined

  constructor(environment: PageEnvironment, database: DatabaseId) {
    this.#environment = environment
    this.#database = database
  }

  /** @throws {ParameterError} {@link AbortedError} or {@link WorkerFailedError} */
  async run<Result>(
    name: string,
    callback: ExclusiveCallback<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const turns = await this.#loaded(signal)
    return await turns.run(name, callback, signal)
  }

  /** Ends all of them with `error`. Resolves when the next tabs have their turns. */
  async end(error: Error): Promise<void> {
    for (const reject of this.#waiting) reject(error)
    await this.#turns?.end(error)
  }

  /** Waits until its code is loaded, and no longer than the call's signal and the handle let it. */
  async #loaded(signal: AbortSignal | undefined): Promise<ExclusiveTurns> {
    if (signal?.aborted === true) throw aborted(signal)
    const { promise, resolve, reject } = createDeferred<ExclusiveTurns>()
    const abort = (): void => reject(aborted(signal))
    this.#waiting.add(reject)
    signal?.addEventListener('abort', abort, { once: true })
    this.#loading ??= this.#load()
    this.#loading.then(resolve, reject)
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#waiting.delete(reject)
    }
  }

  /** Once for all calls; after a failure the next one tries again. */
  async #load(): Promise<ExclusiveTurns> {
    const { clock, life, code } = this.#environment
    try {
      const { ExclusiveTurns: Turns, locks } = await loadCode(clock, 'runExclusive()', code.exclusive)
      this.#turns = new Turns({ clock, life, locks }, this.#database)
      return this.#turns
    } catch (error) {
      this.#loading = undefined
      throw error
    }
  }
}
