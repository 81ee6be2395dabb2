import { now } from './now.ts'

/** A write that resolved. */
export interface AnsweredWrite {
  readonly id: number
  /** When it resolved, by the clock that all tabs share. */
  readonly at: number
  /** How long it took, ms. */
  readonly took: number
}

/** What became of writes that were made one after the other without pause. */
export interface Written {
  readonly answered: readonly AnsweredWrite[]
  /** Messages of those that were rejected. */
  readonly errors: readonly string[]
  /** How long it took from the first call to the last answer, ms. */
  readonly lasted: number
}

export interface Writer {
  /** So far. */
  readonly answered: readonly AnsweredWrite[]
  /** Lets the write under way end. */
  stop(): Promise<Written>
}

/** Whoever only fails is not asked for ever. */
const MOST_ERRORS = 100

/** @param from the first id; then the next, and so on */
export function startWriter(from: number, write: (id: number) => Promise<unknown>): Writer {
  const answered: AnsweredWrite[] = []
  const errors: string[] = []
  let stopped = false
  const started = now()
  const ended = (async (): Promise<Written> => {
    for (let id = from; !stopped && errors.length < MOST_ERRORS; id++) {
      const called = now()
      try {
        await write(id)
        const at = now()
        answered.push({ id, at, took: at - called })
      } catch (error) {
        errors.push(String(error))
      }
    }
    return { answered, errors, lasted: now() - started }
  })()
  return {
    answered,
    stop() {
      stopped = true
      return ended
    },
  }
}
