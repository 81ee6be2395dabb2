/**
 * Whether the files of a primary can still be trusted. After an I/O error at or after a commit mark, or a
 * failed flush, only a new start can tell what was committed (R17): from then on nothing is read or written.
 */
export class Health {
  #cause: { readonly error: unknown } | undefined

  get poisoned(): boolean {
    return this.#cause !== undefined
  }

  /** What broke it first. */
  get cause(): unknown {
    return this.#cause?.error
  }

  poison(error: unknown): void {
    this.#cause ??= { error }
  }
}
