/** Writes one after the other without pause. */
export interface Writer {
  /** Lets the write under way end; how long each took, ms. */
  stop(): Promise<number[]>
}

export function startWriter(write: () => Promise<unknown>): Writer {
  const took: number[] = []
  let stopped = false
  const ended = (async () => {
    while (!stopped) {
      const from = performance.now()
      await write()
      took.push(performance.now() - from)
    }
    return took
  })()
  return {
    stop() {
      stopped = true
      return ended
    },
  }
}
