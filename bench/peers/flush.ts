import type { Opener } from './peer.ts'
import { askWorker } from './workers/ask-worker.ts'

/** A floor: a worker that writes 4 KiB into a file of OPFS and flushes it. The least that durability costs. */
export const openFlush: Opener = async ({ name }) => {
  const worker = new Worker(new URL('./workers/flush.ts', import.meta.url), { type: 'module' })
  const ask = askWorker(worker)
  await ask(['open', name])
  return {
    write: () => ask(['write']),
    async close() {
      await ask(['close'])
      worker.terminate()
    },
  }
}
