import { Connection } from '../sqlite/connection.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { PAGE_SIZE } from './page-size.ts'
import { PrimaryFiles, type PrimaryFilesOptions } from './primary-files.ts'
import type { Store } from './store.ts'
import { VFS_NAME, vfsOf } from './vfs.ts'

/** A WAL that grew past this is cut back once all of it is in the file. */
const LARGE_WAL = 16 * 1024 * 1024

/** The one writing connection to a store, and its files. */
export interface PrimaryConnection {
  readonly connection: Connection
  readonly files: PrimaryFiles
  /** Frames in the WAL that are not yet in the file are copied there. Never inside a transaction. */
  checkpoint(): void
  /** Closes the connection, not the store; the last of the log is copied into the file. */
  close(): void
}

/**
 * Opens the database of a store for writing: SQLite recovers the WAL, and the PRAGMAs are set that the
 * rest of Tutti relies on.
 * @throws SqliteFailure when the file is damaged, not a database, or of another page size.
 */
export function openPrimaryConnection(
  sqlite: Sqlite,
  store: Store,
  options?: PrimaryFilesOptions,
): PrimaryConnection {
  const vfs = vfsOf(sqlite)
  const name = vfs.freshName()
  const files = new PrimaryFiles(store, options)
  vfs.mount(name, files.mount)
  const close = () => {
    connection?.close()
    vfs.unmount(name)
  }
  let connection: Connection | undefined
  try {
    connection = new Connection(sqlite, { file: name, vfs: VFS_NAME })
    // Before anything reads the file: WAL without shared memory needs the exclusive mode from the start.
    connection.exec('pragma locking_mode = exclusive')
    const pageSize = connection.scalar('pragma page_size')
    if (pageSize !== PAGE_SIZE)
      throw new SqliteFailure(CORRUPT, `The file has pages of ${pageSize} bytes, not ${PAGE_SIZE}`)
    const mode = connection.scalar('pragma journal_mode = wal')
    if (mode !== 'wal') throw new SqliteFailure(CORRUPT, `The file stays in journal mode ${mode}`)
    connection.exec(`
      pragma synchronous = normal;
      pragma wal_autocheckpoint = 0;
      pragma journal_size_limit = -1;
      pragma temp_store = memory;
      pragma cache_size = -16384;
      pragma foreign_keys = on;
    `)
  } catch (error) {
    files.abandon(error)
    close()
    throw error
  }
  const open = connection
  return {
    connection: open,
    files,
    checkpoint() {
      const mode = files.walSize > LARGE_WAL ? 'truncate' : 'passive'
      open.unguarded(() => open.exec(`pragma wal_checkpoint(${mode})`))
    },
    close,
  }
}
