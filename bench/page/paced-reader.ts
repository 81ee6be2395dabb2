import { now } from './now.ts'

/** A read that was due at some time, and how much later it was answered. */
export interface PacedRead {
  readonly due: number
  readonly took: number
}

export interface PacedReader {
  readonly reads: readonly PacedRead[]
  stop(): Promise<readonly PacedRead[]>
}

/**
 * Reads that are due at a steady pace, each timed from when it was due: of one answer that takes a second, all
 * that should have been asked meanwhile know, and no percentile hides it. (Gil Tene, "How not to measure
 * latency": coordinated omission.)
 *
 * @param every ms
 */
export function startPacedReader(every: number, read: (i: number) => Promise<unknown>): PacedReader {
  const reads: PacedRead[] = []
  let stopped = false
  const ended = (async () => {
    let due = now()
    for (let i = 0; !stopped; i++) {
      await until(due)
      await read(i)
      reads.push({ due, took: now() - due })
      due += every
    }
    return reads
  })()
  return {
    reads,
    stop() {
      stopped = true
      return ended
    },
  }
}

/** A timer counts in whole milliseconds: the last one is waited for from one task to the next. */
async function until(time: number): Promise<void> {
  const wait = time - now()
  if (wait > 1.5) await new Promise((resolve) => setTimeout(resolve, wait - 1.5))
  while (now() < time) await nextTask()
}

const { port1, port2 } = new MessageChannel()

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve()
    port2.postMessage(null)
  })
}
