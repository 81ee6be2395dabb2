/** What SQLite gives back. Integers past 2^53 come as `bigint`. */
export type SqlValue = null | number | bigint | string | Uint8Array

/** What may be bound. A boolean is bound as 0 or 1. */
export type Param = SqlValue | boolean

/** Positional (`?`) or named (`$id`, `:id`, `@id`; the key with or without its prefix). */
export type Params = readonly Param[] | Readonly<Record<string, Param>>

export interface Statement {
  readonly sql: string
  readonly params?: Params
}

/** One executed statement, as it crosses the wire: rows are arrays in the order of `columns`. */
export interface StatementResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
  /** Rows inserted, updated or deleted by this statement itself; 0 for a read. */
  readonly changes: number
  readonly lastInsertRowid: number | bigint
}

export interface Migration {
  readonly name: string
  readonly sql: string
}

export type StorageKind = 'opfs' | 'indexeddb' | 'memory'

/** Where a replica stands: equal numbers of another incarnation or epoch mean nothing (R1). */
export interface Position {
  readonly incarnation: string
  readonly epoch: number
  readonly version: number
}

/** The pages that one commit changed: what a replica applies. */
export interface PageDelta {
  /** Page numbers, from 1, parallel to `bytes` in slices of 4096. */
  readonly numbers: Uint32Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Size of the database after the commit, in pages. */
  readonly databaseSize: number
}

/** What one commit touched. */
export interface ChangeSet {
  /** True when "everything" must be assumed: the schema, a header word or the whole content changed. */
  readonly all: boolean
  /** By table; `null`: the table as a whole (WITHOUT ROWID, or too many rows to name). */
  readonly tables: Readonly<Record<string, { readonly rowids: readonly (number | bigint)[] | null }>>
}
