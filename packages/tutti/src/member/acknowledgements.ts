/** Acknowledges what came in one post by one message: a later version includes those before it. */
export class Acknowledgements {
  readonly #post: (version: number, complete: boolean) => void
  #owed: { readonly version: number; readonly complete: boolean } | undefined

  constructor(post: (version: number, complete: boolean) => void) {
    this.#post = post
  }

  /** `version` was received; `complete` with its pages. */
  owe(version: number, complete: boolean): void {
    if (this.#owed?.complete !== complete) this.settle()
    this.#owed = { version, complete }
  }

  settle(): void {
    const owed = this.#owed
    this.#owed = undefined
    if (owed !== undefined) this.#post(owed.version, owed.complete)
  }
}
