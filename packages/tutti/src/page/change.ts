import { ParameterError } from '../errors/errors.ts'
import type { FromMemberWorker } from '../protocol/page-messages.ts'

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

export interface ChangeOptions {
  /** Only commits that touch one of these tables, or everything. Names as in SQL, whatever their case. */
  readonly tables?: readonly string[]
}

/** What a member tells of a commit. */
export type ToldChange = Omit<Extract<FromMemberWorker, { readonly type: 'change' }>, 'type'>

export function toChange({ version, changes, origin, cause }: ToldChange): Change {
  const tables = Object.entries(changes.tables)
  return {
    version,
    tables: Object.keys(changes.tables),
    all: changes.all,
    rowids: Object.fromEntries(tables.map(([name, { rowids }]) => [name, rowids])),
    columns: Object.fromEntries(tables.map(([name, { columns }]) => [name, columns ?? null])),
    ...(cause === undefined ? {} : { cause }),
    origin,
  }
}

/** @throws {ParameterError} where the option cannot be used */
export function createChangeFilter(options: ChangeOptions = {}): (change: Change) => boolean {
  const { tables } = options
  if (tables === undefined) return () => true
  if (!Array.isArray(tables) || !tables.every((name) => typeof name === 'string')) {
    throw new ParameterError("Option 'tables' must be an array of table names.")
  }
  const wanted = new Set(tables.map((name: string) => name.toLowerCase()))
  return (change) => change.all || change.tables.some((name) => wanted.has(name.toLowerCase()))
}
