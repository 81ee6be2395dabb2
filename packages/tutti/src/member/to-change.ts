import type { Change } from '../protocol/change.ts'
import type { ChangeSet } from '../protocol/values.ts'

/** What the member knows of a commit that is told. */
export interface ToldCommit {
  readonly version: number
  readonly changes: ChangeSet
  readonly origin: 'self' | 'tab'
  readonly cause?: string | undefined
}

/** A commit as `onChange` tells it. */
export function toChange({ version, changes, origin, cause }: ToldCommit): Change {
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
