import { createDeferred, type Deferred } from '../deferred.ts'

/** Where the values of {@link createLatest} come from. */
export interface Sink<Value> {
  value(value: Value): void
  /** The iteration throws this, once what came before was taken, and ends. */
  fail(error: Error): void
  end(): void
}

/**
 * An iterator over what comes in: whoever is slow gets the newest value and none of those between.
 *
 * @param begin called with the first `next()`; what it returns is called at the end, however it comes
 */
export function createLatest<Value>(begin: (sink: Sink<Value>) => () => void): AsyncIterableIterator<Value> {
  let stop: (() => void) | undefined
  let waiting: Deferred<IteratorResult<Value>>[] = []
  let newest: { readonly value: Value } | undefined
  let error: Error | undefined
  let over = false

  const finish = (): void => {
    over = true
    stop?.()
    settle()
  }
  const settle = (): void => {
    while (waiting.length > 0 && (newest !== undefined || over)) {
      const next = waiting.shift()
      if (newest !== undefined) next?.resolve({ done: false, value: newest.value })
      else if (error !== undefined) next?.reject(error)
      else next?.resolve({ done: true, value: undefined })
      if (newest === undefined) error = undefined
      newest = undefined
    }
  }
  const sink: Sink<Value> = {
    value(value) {
      if (over) return
      newest = { value }
      settle()
    },
    fail(reason) {
      if (over) return
      error = reason
      finish()
    },
    end() {
      if (!over) finish()
    },
  }
  return {
    next() {
      const deferred = createDeferred<IteratorResult<Value>>()
      waiting.push(deferred)
      stop ??= over ? undefined : begin(sink)
      settle()
      return deferred.promise
    },
    return() {
      newest = undefined
      error = undefined
      if (!over) finish()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
