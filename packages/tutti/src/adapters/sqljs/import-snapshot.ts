import { InvalidImportError, RequestIdReusedError, StatementRefusedError } from '../../errors/errors.ts'
import type { Database } from '../../index.ts'
import { deleteSnapshot, readSnapshot, type SnapshotPlace } from './snapshot-store.ts'

export interface ImportSnapshotOptions extends SnapshotPlace {
  /** Move it in although the database already has rows, which are then gone. Default `false`. */
  readonly replace?: boolean
}

/** A snapshot that was moved in, now or before. */
export interface ImportedSnapshot {
  /**
   * True where the snapshot is not the one that was moved in: an old build of the app has written it
   * since. It was left alone.
   */
  readonly changed: boolean
  /**
   * Deletes the snapshot, once the app has seen that its data is there; the rest of that IndexedDB
   * database stays. Until then it is kept.
   *
   * @returns false where it was kept, because it is not the one that was moved in
   * @throws `StorageFailedError` where IndexedDB fails
   */
  confirm(): Promise<boolean>
}

/**
 * Moves the snapshot of an app that used sql.js into the database, whose whole content it replaces, for
 * every tab. It happens once, however many tabs ask and however often. Call it before the app's first
 * write, on a database that was opened without the migrations which the snapshot still needs: those that
 * have run do not run again.
 *
 * @returns `undefined` where there is no snapshot
 * @throws `InvalidImportError` where it is no sound SQLite database; `StatementRefusedError` where the
 *   database already has rows of its own; `StorageFailedError` where IndexedDB fails. Nothing has changed
 *   then. And whatever `db.import()` throws
 *
 * @example
 * const moved = await importSnapshot(db, {
 *   database: 'tunetrees-storage',
 *   store: 'databases',
 *   key: `tunetrees-db-${user}`,
 * })
 * if (await looksRight(db)) await moved?.confirm()
 */
export async function importSnapshot(
  db: Database,
  { replace = false, ...place }: ImportSnapshotOptions,
): Promise<ImportedSnapshot | undefined> {
  const bytes = await readSnapshot(place)
  if (bytes === undefined) return undefined
  const id = `tutti/sqljs ${JSON.stringify([place.database, place.store, place.key])}`
  // In this order: what another tab moves in meanwhile has rows.
  if (!replace && (await hasRows(db)) && !(await wasImported(db, id))) {
    throw new StatementRefusedError(
      'The database has rows, which the snapshot would replace: import it first, or give { replace: true }.',
      { outcome: 'not-applied' },
    )
  }
  const changed = !(await importOnce(db, bytes, id))
  return { changed, confirm: async () => !changed && (await deleteSnapshot(place, bytes)) }
}

/** The ledger knows the id for ever, and what was imported under it: other bytes are another write. */
async function importOnce(db: Database, bytes: Uint8Array, id: string): Promise<boolean> {
  try {
    await db.import(bytes, { id })
    return true
  } catch (error) {
    if (error instanceof RequestIdReusedError) return false
    throw error
  }
}

/** Asks the ledger with an import of nothing: it is refused because of its id, or else as no database. */
async function wasImported(db: Database, id: string): Promise<boolean> {
  try {
    return !(await importOnce(db, new Uint8Array(), id))
  } catch (error) {
    if (error instanceof InvalidImportError) return false
    throw error
  }
}

/** Shadow tables have rows from the start, and belong to virtual ones. */
const TABLES = `
  select name from pragma_table_list
  where schema = 'main' and type in ('table', 'virtual')
    and name not glob 'sqlite_*' and name not glob 'tutti_*'`

async function hasRows(db: Database): Promise<boolean> {
  for (const [name] of await db.values(TABLES)) {
    const rows = await db.values(`select 1 from "${String(name).replaceAll('"', '""')}" limit 1`)
    if (rows.length > 0) return true
  }
  return false
}
