/**
 * Makes calls share runs: one run at a time, and all calls made meanwhile share the next one. Each call's promise
 * resolves when a run that began after the call has ended, so a burst of calls costs two runs and none is missed.
 *
 * @param run must not reject
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  return function call(): Promise<void> {
    if (running === undefined) {
      running = run().finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running.then(() => {
      next = undefined
      return call()
    })
    return next
  }
}
