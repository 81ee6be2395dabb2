/** What one commit, of this tab or another, changed. */
export interface Change {
  /** The version that the commit made. */
  readonly version: number
  /** The tables that it touched. */
  readonly tables: readonly string[]
  /** True when everything may be different: the schema changed, a file was imported, or commits were missed. */
  readonly all: boolean
  /** The rows touched, by table; `null` for a table WITHOUT ROWID, or too many rows to name. */
  readonly rowids: Readonly<Record<string, readonly (number | bigint)[] | null>>
  /**
   * The columns whose values updates changed, by table; `null`: all of them, because rows were inserted or
   * deleted too, or too many were changed.
   */
  readonly columns: Readonly<Record<string, readonly string[] | null>>
  /** The name that its call gave as `cause`. */
  readonly cause?: string
  /** Whether this tab made the commit. */
  readonly origin: 'self' | 'tab'
}
