import { now } from './now.ts'

/** What became of writes that were made one after the other without pause. */
export interface Written {
  /** Ids of those that resolved. */
  readonly acknowledged: readonly number[]
  /** How long each of those took, ms. */
  readonly took: readonly number[]
  /** Messages of those that did not. */
  readonly errors: readonly string[]
  /** How long it took from the first call to the last answer, ms. */
  readonly lasted: number
}

export interface Writer {
  /** Lets the write under way end. */
  stop(): Promise<Written>
}

/** Whoever only fails is not asked for ever. */
const MOST_ERRORS = 100

/** @param ids `from`, `from + 1`, … */
export function startWriter(from: number, write: (id: number) => Promise<unknown>): Writer {
  const acknowledged: number[] = []
  const took: number[] = []
  const errors: string[] = []
  let stopped = false
  const started = now()
  const ended = (async (): Promise<Written> => {
    for (let id = from; !stopped && errors.length < MOST_ERRORS; id++) {
      const called = now()
      try {
        await write(id)
        acknowledged.push(id)
        took.push(now() - called)
      } catch (error) {
        errors.push(String(error))
      }
    }
    return { acknowledged, took, errors, lasted: now() - started }
  })()
  return {
    stop() {
      stopped = true
      return ended
    },
  }
}
