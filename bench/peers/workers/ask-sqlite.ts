import type { OpenSettings, Session } from '../peer.ts'
import { askWorker } from './ask-worker.ts'

/** The page's side of SQLite in a worker of the tab's own, without a library in between. */
export async function askSqlite(
  worker: Worker,
  settings: OpenSettings & { readonly vfs?: string },
): Promise<Session> {
  const ask = askWorker(worker)
  await ask(['open', settings])
  return {
    write: (tune) => ask(['write', tune]),
    read: (id) => ask(['read', id]),
    readMany: (after, count) => ask(['readMany', after, count]),
    bulk: (tunes) => ask(['bulk', tunes]),
    count: () => ask(['count']),
    async close() {
      await ask(['close'])
      worker.terminate()
    },
  }
}
