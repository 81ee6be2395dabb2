import type { SideFiles } from './side-files.ts'
import type { Place, Store } from './store.ts'

/** Where databases of one kind are kept. Knows files, not what is in them. */
export interface Shelf {
  /** Names of the errors that pass once another worker has closed the files. */
  readonly busy: readonly string[]
  exists(place: Place): Promise<boolean>
  /** Rejects where nothing could be opened here, though the API is there; changes no database. */
  probe?(id: string): Promise<void>
  open(place: Place): Promise<Store>
  /** Deletes the database and everything beside it. */
  delete(place: Place): Promise<void>
  /** The files beside a database. */
  beside(place: Place): SideFiles
  /**
   * Makes side files of a database's two files, `name` and `name` with `-wal`; no database is there
   * afterwards. Called again after it was cut short, it goes on from there.
   */
  moveAside(place: Place, name: string): Promise<void>
  /** Puts a database file with an empty log in a place where nothing is: complete, or not at all. */
  install(place: Place, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
}
