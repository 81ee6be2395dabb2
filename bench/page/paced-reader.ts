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
 * Reads one after the other at a steady pace. Of an answer that takes a second, all reads know that should have been
 * asked meanwhile: each counts as one that was due, and so much shorter as it came later. No percentile hides a stall
 * then. (Gil Tene, "How not to measure latency": coordinated omission.)
 *
 * @param every ms
 */
export function startPacedReader(every: number, read: (i: number) => Promise<unknown>): PacedReader {
  const reads: PacedRead[] = []
  let stopped = false
  const ended = (async () => {
    for (let i = 0; !stopped; i++) {
      const called = now()
      await read(i)
      const answered = now()
      for (let due = called; due === called || due < answered; due += every) {
        reads.push({ due, took: answered - due })
      }
      await until(called + every)
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
