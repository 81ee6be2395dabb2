import { ParameterError } from '../errors/errors.ts'
import { databaseNames, encodeName } from '../protocol/names.ts'
import { aborted } from './aborted.ts'
import { ExclusiveCall, type ExclusiveCallback, type ExclusiveEnvironment } from './exclusive-call.ts'

export interface DatabaseId {
  readonly user: string
  readonly name: string
}

/** The calls of `runExclusive` that one handle has under way: they wait for their turns, or have them. */
export class ExclusiveTurns {
  readonly #environment: ExclusiveEnvironment
  readonly #database: DatabaseId
  readonly #calls = new Set<Pick<ExclusiveCall<unknown>, 'end'>>()
  #over: Error | undefined

  constructor(environment: ExclusiveEnvironment, database: DatabaseId) {
    this.#environment = environment
    this.#database = database
  }

  /** @throws {ParameterError} {@link AbortedError} */
  async run<Result>(
    name: string,
    callback: ExclusiveCallback<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    if (typeof name !== 'string' || name === '')
      throw new ParameterError('runExclusive() needs a name: a string that is not empty.')
    if (typeof callback !== 'function') throw new ParameterError('runExclusive() needs a function to run.')
    if (this.#over !== undefined) throw this.#over
    if (signal?.aborted === true) throw aborted(signal)
    const call = new ExclusiveCall(this.#environment, this.#lock(name), callback)
    const abort = (): void => void call.end(aborted(signal), signal?.reason)
    this.#calls.add(call)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await call.promise
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#calls.delete(call)
    }
  }

  /** Ends all of them with `end`, and lets none begin. Resolves when the next tabs have their turns. */
  async end(end: Error): Promise<void> {
    this.#over = end
    await Promise.all([...this.#calls].map((call) => call.end(end)))
  }

  /** The same for every build, so that two of them exclude each other. */
  async #lock(name: string): Promise<string> {
    const { user, name: database } = this.#database
    const { exclusiveLockPrefix } = await databaseNames(user, database)
    return exclusiveLockPrefix + (await encodeName(name))
  }
}
