/**
 * The listeners of one event. One that throws is reported, and the others are still called; one that is
 * added or stopped meanwhile does not disturb the round.
 */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Map<symbol, (...args: Args) => void>()
  readonly #report: (error: unknown) => void

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  /** Returns a function that stops it. The same function may be added twice. */
  add(listener: (...args: Args) => void): () => void {
    const key = Symbol()
    this.#listeners.set(key, listener)
    return () => {
      this.#listeners.delete(key)
    }
  }

  call(...args: Args): void {
    for (const [key, listener] of [...this.#listeners]) {
      if (!this.#listeners.has(key)) continue
      try {
        listener(...args)
      } catch (error) {
        this.#report(error)
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
