import { ParameterError } from '../errors/errors.ts'
import type { ChangeSet } from '../protocol/values.ts'

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
  /** Whether this tab made the commit. */
  readonly origin: 'self' | 'tab'
}

export interface ChangeOptions {
  /** Only commits that touch one of these tables, or everything. Names as in SQL, whatever their case. */
  readonly tables?: readonly string[]
}

export function toChange(version: number, changes: ChangeSet, origin: Change['origin']): Change {
  return {
    version,
    tables: Object.keys(changes.tables),
    all: changes.all,
    rowids: Object.fromEntries(Object.entries(changes.tables).map(([name, { rowids }]) => [name, rowids])),
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
