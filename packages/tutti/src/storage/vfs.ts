import type { Sqlite } from '../sqlite/sqlite.ts'
import { installVfs, type VfsFile } from '../sqlite/vfs-bridge.ts'
import { DeviceFile } from './device-file.ts'
import { MemoryDevice } from './memory-device.ts'

/** The one VFS of an instance of SQLite: the name to open connections on. */
export const VFS_NAME = 'tutti'

const OPEN_MAIN_DB = 0x100
const OPEN_WAL = 0x80000
const WAL_SUFFIX = '-wal'

/** What a database name leads to. */
export interface Mount {
  readonly main: VfsFile
  /** Absent for a database in rollback mode, whose journal lives in memory. */
  readonly wal?: VfsFile
}

/** Database names of one SQLite instance, and what they lead to. */
export interface Vfs {
  mount(name: string, mount: Mount): void
  unmount(name: string): void
  /** A name nobody uses. */
  freshName(): string
}

const installed = new WeakMap<Sqlite, Vfs>()

/** The VFS of this instance of SQLite, installed on first use. */
export function vfsOf(sqlite: Sqlite): Vfs {
  let vfs = installed.get(sqlite)
  if (vfs === undefined) {
    vfs = createVfs(sqlite)
    installed.set(sqlite, vfs)
  }
  return vfs
}

function createVfs(sqlite: Sqlite): Vfs {
  const mounts = new Map<string, Mount>()
  let names = 0

  installVfs(sqlite, VFS_NAME, {
    open(name, flags) {
      if ((flags & OPEN_MAIN_DB) !== 0) return mounts.get(name ?? '')?.main
      if ((flags & OPEN_WAL) !== 0) return walOf(name ?? '')
      // Journals of scratch databases and temporary files: nothing that has to outlive this instance.
      return new DeviceFile(new MemoryDevice())
    },
    exists(name) {
      const wal = walOf(name)
      return wal === undefined ? mounts.has(name) : wal.size() > 0
    },
    delete() {
      // Only journals are ever deleted, and those end with their handle; a WAL is kept (FCNTL_PERSIST_WAL).
    },
  })

  function walOf(name: string): VfsFile | undefined {
    return name.endsWith(WAL_SUFFIX) ? mounts.get(name.slice(0, -WAL_SUFFIX.length))?.wal : undefined
  }

  return {
    mount(name, mount) {
      mounts.set(name, mount)
    },
    unmount(name) {
      mounts.delete(name)
    },
    freshName() {
      return `database-${++names}`
    },
  }
}
