import { PAGE_SIZE } from './page-size.ts'

/* The first 100 bytes of a database, sqlite.org/fileformat2.html#the_database_header. */
export const MAGIC = 'SQLite format 3\0'
export const WRITE_VERSION_AT = 18
export const READ_VERSION_AT = 19
export const CHANGE_COUNTER_AT = 24
export const DATABASE_SIZE_AT = 28
export const SCHEMA_COOKIE_AT = 40
export const VERSION_VALID_FOR_AT = 92

export const ROLLBACK_MODE = 1
export const WAL_MODE = 2

const EMPTY_LEAF_TABLE = 13

/** A database of one page without tables, in WAL mode, as SQLite itself would begin one. */
export function emptyDatabase(): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(PAGE_SIZE)
  const view = new DataView(page.buffer)
  new TextEncoder().encodeInto(MAGIC, page)
  view.setUint16(16, PAGE_SIZE)
  page.set([WAL_MODE, WAL_MODE, 0, 64, 32, 32], WRITE_VERSION_AT)
  view.setUint32(DATABASE_SIZE_AT, 1)
  page[100] = EMPTY_LEAF_TABLE
  view.setUint16(105, PAGE_SIZE)
  return page
}

/** Whether `page` begins a SQLite database. */
export function isDatabase(page: Uint8Array): boolean {
  return page.length >= 100 && new TextDecoder().decode(page.subarray(0, MAGIC.length)) === MAGIC
}

/** The size in pages as the header tells it; `undefined` where it is not to be trusted. */
export function databasePages(page: Uint8Array): number | undefined {
  const view = new DataView(page.buffer, page.byteOffset, 100)
  const pages = view.getUint32(DATABASE_SIZE_AT)
  const valid = view.getUint32(CHANGE_COUNTER_AT) === view.getUint32(VERSION_VALID_FOR_AT)
  return isDatabase(page) && valid && pages > 0 ? pages : undefined
}
