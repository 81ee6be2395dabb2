import type { Opener } from './peer.ts'
import { askSqlite } from './workers/ask-sqlite.ts'

/**
 * SQLite's official build on its pooled VFS, with its defaults (rollback journal, `synchronous = full`), in one
 * worker of one tab: no other tab can open it meanwhile.
 */
export const openSahpool: Opener = (settings) =>
  askSqlite(new Worker(new URL('./workers/sahpool.ts', import.meta.url), { type: 'module' }), settings)
