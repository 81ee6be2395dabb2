import type { LiveSource } from '../../index.ts'
import { sameSource } from './live-source.ts'

/** Follows one live query after the other, and holds what the last one has come to. */
export class SourceFollower<Row> {
  rows: readonly Row[] | undefined
  error: Error | undefined
  pending = true
  readonly #changed: () => void
  #source: LiveSource<Row> | undefined
  #stop: (() => void) | undefined

  /** @param changed is told of results and errors that come */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Goes over to another query; to an equal one it need not. The former rows stay until there are others. */
  follow(source: LiveSource<Row> | undefined): void {
    if (sameSource(source, this.#source)) return
    const known = source?.current
    const rows = known ?? this.rows
    this.end()
    // Rows of another user's database are nobody's business while this one's is being opened.
    if (source === undefined) return
    this.rows = rows
    this.pending = known === undefined
    this.#source = source
    this.#stop = source.subscribe(
      (next) => this.#tell(next, undefined),
      (error) => this.#tell(this.rows, error),
    )
  }

  end(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#source = undefined
    this.rows = undefined
    this.error = undefined
    this.pending = true
  }

  #tell(rows: readonly Row[] | undefined, error: Error | undefined): void {
    if (!this.pending && rows === this.rows && error === this.error) return
    this.rows = rows
    this.error = error
    this.pending = false
    this.#changed()
  }
}
