import type { Opener } from './peer.ts'
import { askWorker } from './workers/ask-worker.ts'

/** A floor: a worker that answers from its memory. What one hop there and back costs, and nothing else. */
export const openHop: Opener = async () => {
  const worker = new Worker(new URL('./workers/hop.ts', import.meta.url), { type: 'module' })
  const ask = askWorker(worker)
  await ask(['open'])
  return {
    write: (tune) => ask(['write', tune]),
    read: (id) => ask(['read', id]),
    readMany: (after, count) => ask(['readMany', after, count]),
    close: async () => worker.terminate(),
  }
}
