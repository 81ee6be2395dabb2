import { bytes, file, type Infer, list, oneOf, optional, text, time, variant } from './schema.ts'
import { paramsSchema, statementSchema } from './values.ts'

const statementCalls = {
  statement: {
    sql: text,
    params: optional(paramsSchema),
    /** `first` gives back one row (`get`), `none` drops them (`run`). */
    rows: oneOf('all', 'first', 'none'),
    /** Refuse the statement unless SQLite judges it read-only. */
    readonly: optional(oneOf(true)),
  },
  script: { sql: text },
  batch: { statements: list(statementSchema) },
}

/** A statement, script or batch: what may run alone or inside an interactive transaction. */
export type StatementCall = Infer<typeof statementCallSchema>

const statementCallSchema = variant('op', statementCalls)

/** What a page asks of its member, and a member, where it cannot answer itself, of the primary. */
export type Call = Infer<typeof callSchema>

export const callSchema = variant('op', {
  ...statementCalls,
  /** Opens an interactive transaction; the request's own id becomes the transaction's. Times in ms. */
  begin: { tx: text, timeout: time, idle: time },
  'in-transaction': { tx: text, call: statementCallSchema },
  commit: { tx: text },
  rollback: { tx: text },
  import: { bytes },
  /** The same for one that is not small. A primary of 0.1.0 cannot read it: the call is refused, and says so. */
  'import-file': { file },
  destroy: {},
  /** Resolves when everything committed before it is flushed. */
  flush: {},
  /**
   * Resolves when the file was looked through for damage, and is sound. A primary of 0.1.0 does not answer it:
   * then the bound of the call ends it.
   */
  check: {},
})
