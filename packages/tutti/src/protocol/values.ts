import {
  bigint,
  blob,
  bytes,
  count,
  either,
  flag,
  type Infer,
  list,
  nothing,
  number,
  object,
  oneOf,
  optional,
  record,
  type Schema,
  text,
  words,
} from './schema.ts'

/** What SQLite gives back. Integers past 2^53 come as `bigint`. */
export type SqlValue = null | number | bigint | string | Uint8Array

const sqlValueSchema: Schema<SqlValue> = either(number, text, nothing, bigint, blob)

/** What may be bound. A boolean is bound as 0 or 1. */
export type Param = SqlValue | boolean

export const paramSchema: Schema<Param> = either(sqlValueSchema, flag)

/** Positional (`?`) or named (`$id`, `:id`, `@id`; the key with or without its prefix). */
export type Params = readonly Param[] | Readonly<Record<string, Param>>

export const paramsSchema: Schema<Params> = either(list(paramSchema), record(paramSchema))

export interface Statement {
  readonly sql: string
  readonly params?: Params
}

export const statementSchema: Schema<Statement> = object({ sql: text, params: optional(paramsSchema) })

/** One executed statement, as it crosses the wire: rows are arrays in the order of `columns`. */
export type StatementResult = Infer<typeof statementResultSchema>

export const statementResultSchema = object({
  columns: list(text),
  rows: list(list(sqlValueSchema)),
  /** Rows inserted, updated or deleted by this statement itself; 0 for a read. */
  changes: count,
  lastInsertRowid: either(number, bigint),
})

export interface Migration {
  readonly name: string
  readonly sql: string
}

export type StorageKind = Infer<typeof storageKindSchema>

export const storageKindSchema = oneOf('opfs', 'indexeddb', 'memory')

/** Where a replica stands: equal numbers of another incarnation or epoch mean nothing (R1). */
export type Position = Infer<typeof positionSchema>

export const positionSchema = object({ incarnation: text, epoch: count, version: count })

/** The pages that one commit changed: what a replica applies. */
export type PageDelta = Infer<typeof pageDeltaSchema>

export const pageDeltaSchema = object({
  /** Page numbers, from 1: a page for each piece of `bytes`, one after the other. */
  numbers: words,
  /** Where in its page each piece begins, × 65536, + its length. Missing where each is a whole page. */
  spans: optional(words),
  bytes,
  /** Size of the database after the commit, in pages. */
  databaseSize: count,
})

/** What one commit touched in one table. */
export type TableChange = Infer<typeof tableChangeSchema>

const tableChangeSchema = object({
  /** `null`: the table as a whole (WITHOUT ROWID, or too many rows to name). */
  rowids: either(list(either(number, bigint)), nothing),
  /**
   * Columns whose values differ; `null`: all of them, because rows came, went or moved, or too many changed.
   * Absent, as 0.1.0 leaves it, it means the same.
   */
  columns: optional(either(list(text), nothing)),
})

/** What one commit touched. */
export type ChangeSet = Infer<typeof changeSetSchema>

export const changeSetSchema = object({
  /** True when "everything" must be assumed: the schema, a header word or the whole content changed. */
  all: flag,
  tables: record(tableChangeSchema),
})
