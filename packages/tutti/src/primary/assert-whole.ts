import type { Connection } from '../sqlite/connection.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import type { PrimaryFiles } from '../storage/primary-files.ts'
import type { Meta } from './meta.ts'
import { readMetaPage } from './meta-page.ts'

/**
 * Notices acknowledged commits that are gone. SQLite takes the first frame of the log whose checksum is wrong
 * for the end of it, and says nothing: after a power cut that is right, for what was not flushed may be there
 * in any part. But every commit writes down the last version that was flushed before it began. Where a page
 * says so of a version past the recovered one, that version was on the disk, whole: it was damaged since.
 * Pages left from earlier turns of the log, or of commits that never were flushed, tell of versions that are
 * there, and so never lie.
 *
 * The file has the same page, as the last checkpoint left it. A checkpoint copies only what is flushed, so
 * that version, too, cannot be past the recovered one, unless the log that hides it is damaged.
 *
 * A log that was cut short has nothing left behind its end. On OPFS it always keeps the room that was once
 * reserved for it (R25), and each commit writes down how much of that was flushed.
 *
 * Not noticed is damage to what was flushed last: nothing that came after it tells of it.
 * @throws SqliteFailure (SQLITE_CORRUPT)
 */
export function assertWhole(connection: Connection, files: PrimaryFiles, meta: Meta | undefined): void {
  const own = connection.scalar(`select rootpage from sqlite_schema where name = 'tutti_meta'`)
  const version = meta?.version ?? 0
  /** Which version a page says was flushed, where that is past the recovered one. */
  const lostBy = (page: Uint8Array, inFile = false): number | undefined => {
    const words = readMetaPage(page)
    // Where the database itself is gone with its log, whatever is left there belongs to it.
    if (words === undefined || words.incarnation !== (meta?.incarnation ?? words.incarnation))
      return undefined
    const flushed = inFile ? words.version : words.flushed
    return flushed > version ? flushed : undefined
  }
  // Nearly every commit left such a page, and its checksum takes much longer than what it says.
  const candidate = (page: Uint8Array): boolean => lostBy(page) !== undefined
  for (const { page, inFile } of files.remains(Number(own ?? 0), candidate)) {
    const lost = lostBy(page, inFile)
    if (lost !== undefined) {
      throw new SqliteFailure(
        CORRUPT,
        `Version ${lost} was flushed, and the files can be read only to version ${version}`,
      )
    }
  }
  if (meta !== undefined && meta.log > files.walFound) {
    throw new SqliteFailure(CORRUPT, `The log had ${meta.log} bytes, and has ${files.walFound}`)
  }
}
