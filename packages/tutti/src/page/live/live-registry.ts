import { deserializeError } from '../../errors/wire.ts'
import type { LiveFailure, LiveStart, LiveStop, LiveUpdate } from '../../protocol/live.ts'
import type { LiveObserver, LiveRow, LiveStatement } from './live-observer.ts'
import { SharedLive } from './shared-live.ts'
import { statementKey } from './statement-key.ts'

export interface LiveRegistryOptions {
  /** Tells the member, and starts one where there is none; one that starts is given all of {@link LiveRegistry.starts}. */
  readonly post: (message: LiveStart | LiveStop) => void
  readonly report: (error: unknown) => void
}

/**
 * All live queries of this page on one database. Equal ones, whichever handle or component asked, are one
 * query in the member: it runs once, and all who follow it get the same rows.
 */
export class LiveRegistry {
  readonly #options: LiveRegistryOptions
  readonly #byKey = new Map<string, SharedLive>()
  readonly #byNumber = new Map<number, SharedLive>()
  #last = 0
  #ended: Error | undefined

  constructor(options: LiveRegistryOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#byKey.size
  }

  /** What a member that was started anew has to be told. */
  starts(): LiveStart[] {
    return Array.from(this.#byKey.values(), ({ start }) => start)
  }

  /** Returns a function that ends it; with the last one of equal queries the member forgets them. */
  observe(statement: LiveStatement, observer: LiveObserver): () => void {
    const key = statementKey(statement)
    const shared = this.#byKey.get(key) ?? this.#begin(key, statement)
    const stop = shared.follow(observer)
    const ended = this.#ended
    if (ended !== undefined) void Promise.resolve().then(() => shared.end(ended))
    return () => {
      stop()
      // Whoever follows again at once, as a view does that is drawn anew, finds it running.
      void Promise.resolve().then(() => this.#forget(key, shared))
    }
  }

  current(statement: LiveStatement): readonly LiveRow[] | undefined {
    return this.#byKey.get(statementKey(statement))?.rows
  }

  receive(message: LiveUpdate | LiveFailure): void {
    const shared = this.#byNumber.get(message.n)
    if (message.type === 'live') shared?.update(message)
    else shared?.fail(deserializeError(message.error))
  }

  /** The member died, and no other one is starting yet. */
  fail(error: Error): void {
    for (const shared of [...this.#byKey.values()]) shared.fail(error)
  }

  end(error: Error): void {
    this.#ended = error
    const all = [...this.#byKey.values()]
    this.#byKey.clear()
    this.#byNumber.clear()
    for (const shared of all) shared.end(error)
  }

  #begin(key: string, statement: LiveStatement): SharedLive {
    const shared = new SharedLive(++this.#last, statement, this.#options.report)
    if (this.#ended !== undefined) return shared
    this.#byKey.set(key, shared)
    this.#byNumber.set(this.#last, shared)
    this.#options.post(shared.start)
    return shared
  }

  #forget(key: string, shared: SharedLive): void {
    if (shared.followed || this.#byKey.get(key) !== shared) return
    this.#byKey.delete(key)
    this.#byNumber.delete(shared.start.n)
    this.#options.post({ type: 'live-stop', n: shared.start.n })
  }
}
