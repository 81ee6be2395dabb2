import type { Answer } from './ask.ts'
import { type SqlRow, toObjects } from './rows.ts'

export interface IterateOptions {
  /** Asks for the next piece; with `true` for the first one. */
  readonly pull: (first: boolean) => Promise<Answer>
  /** Says that no more is wanted. */
  readonly release: () => Promise<unknown>
  readonly signal: AbortSignal | undefined
}

/** The rows of pieces that are asked for one by one. Nothing is asked before the first row is. */
export async function* iterateRows<Row = SqlRow>({
  pull,
  release,
  signal,
}: IterateOptions): AsyncGenerator<Row, void, undefined> {
  let done = false
  const end = (): void => {
    if (done) return
    done = true
    // Where nobody is left to be told, nothing is kept either.
    release().catch(() => undefined)
  }
  // A loop that does not come back is not to keep what it was told to leave.
  signal?.addEventListener('abort', end, { once: true })
  try {
    for (let first = true; ; first = false) {
      const piece = await pull(first)
      done ||= piece.done === true
      for (const row of piece.results.flatMap(toObjects)) yield row as Row
      if (piece.done === true) return
    }
  } finally {
    signal?.removeEventListener('abort', end)
    end()
  }
}
