/**
 * What a callback of SQLite threw. It must not travel through wasm frames: it is kept here, the statement is
 * stopped, and the caller of SQLite rethrows it. One for each instance of SQLite, which runs one statement at
 * a time.
 */
export class Thrown {
  #error: { readonly error: unknown } | undefined

  get present(): boolean {
    return this.#error !== undefined
  }

  /** The first one counts. */
  keep(error: unknown): void {
    this.#error ??= { error }
  }

  /** Throws what was kept since the last call, if anything was. */
  rethrow(): void {
    if (this.#error === undefined) return
    const { error } = this.#error
    this.#error = undefined
    throw error
  }
}
