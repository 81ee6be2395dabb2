/** The result codes of SQLite that Tutti itself looks at (sqlite.org/rescode.html). */
export const OK = 0
export const ERROR = 1
export const BUSY = 5
export const NOMEM = 7
export const READONLY = 8
export const INTERRUPT = 9
export const IOERR = 10
export const CORRUPT = 11
export const CORRUPT_VTAB = CORRUPT | (1 << 8)
export const NOTFOUND = 12
export const FULL = 13
export const CANTOPEN = 14
export const AUTH = 23
export const NOTADB = 26
export const ROW = 100
export const DONE = 101
export const IOERR_READ = IOERR | (1 << 8)
export const IOERR_SHORT_READ = IOERR | (2 << 8)
export const IOERR_WRITE = IOERR | (3 << 8)
export const IOERR_FSYNC = IOERR | (4 << 8)
export const IOERR_TRUNCATE = IOERR | (6 << 8)

/** The primary code of an extended one: 2067 (CONSTRAINT_UNIQUE) is 19 (CONSTRAINT). */
export function primaryCode(resultCode: number): number {
  return resultCode & 0xff
}
