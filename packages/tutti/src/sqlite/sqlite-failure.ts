/** A failure as SQLite reports it. Upper layers turn it into one of the public errors. */
export class SqliteFailure extends Error {
  /** SQLite's extended result code. */
  readonly resultCode: number
  readonly sql: string | undefined
  /** Where in `sql` the failure lies, in bytes; `undefined` where SQLite does not know. */
  readonly offset: number | undefined

  constructor(resultCode: number, message: string, sql?: string, offset?: number) {
    super(message)
    this.name = 'SqliteFailure'
    this.resultCode = resultCode
    this.sql = sql
    this.offset = offset
  }
}
