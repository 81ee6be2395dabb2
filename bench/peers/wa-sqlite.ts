import type { Opener } from './peer.ts'
import { askSqlite } from './workers/ask-sqlite.ts'
import type { VfsName } from './workers/wa-sqlite-vfs.ts'

/** wa-sqlite, a worker and a connection in each tab, `synchronous = full`. @param vfs of its example VFSs */
export function openWaSqlite(vfs: VfsName): Opener {
  return (settings) =>
    askSqlite(new Worker(new URL('./workers/wa-sqlite.ts', import.meta.url), { type: 'module' }), {
      ...settings,
      vfs,
    })
}
