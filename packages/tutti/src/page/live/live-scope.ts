import type { LiveObserver, LiveRow, LiveStatement } from './live-observer.ts'
import type { LiveRegistry } from './live-registry.ts'

let scopes = 0

/** The live queries of one handle: they end with it, and those of other handles go on. */
export class LiveScope {
  /** Tells the handles of this page apart. */
  readonly id = ++scopes
  readonly report: (error: unknown) => void
  readonly #registry: LiveRegistry
  readonly #open = new Map<symbol, { readonly stop: () => void; readonly observer: LiveObserver }>()
  #ended: Error | undefined

  constructor(registry: LiveRegistry, report: (error: unknown) => void) {
    this.#registry = registry
    this.report = report
  }

  observe(statement: LiveStatement, observer: LiveObserver): () => void {
    const ended = this.#ended
    if (ended !== undefined) {
      void Promise.resolve().then(() => observer.ended(ended))
      return () => undefined
    }
    const key = Symbol()
    const stop = this.#registry.observe(statement, observer)
    this.#open.set(key, { stop, observer })
    return () => {
      if (this.#open.delete(key)) stop()
    }
  }

  current(statement: LiveStatement): readonly LiveRow[] | undefined {
    return this.#ended === undefined ? this.#registry.current(statement) : undefined
  }

  end(error: Error): void {
    this.#ended = error
    const open = [...this.#open.values()]
    this.#open.clear()
    for (const { stop, observer } of open) {
      stop()
      try {
        observer.ended(error)
      } catch (thrown) {
        this.report(thrown)
      }
    }
  }
}
