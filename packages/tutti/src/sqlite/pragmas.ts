/** How a PRAGMA may be used: only read, with any argument, or with an argument inside a transaction only. */
type PragmaUse = 'read' | 'argument' | 'transaction'

/**
 * The PRAGMAs that are let in (R21). All others are refused: most of them change the connection, and
 * that is shared by every tab; flag PRAGMAs even do it while they are only prepared.
 */
const PRAGMAS = new Map<string, PragmaUse>([
  ['application_id', 'argument'],
  ['collation_list', 'read'],
  ['compile_options', 'read'],
  ['data_version', 'read'],
  ['database_list', 'read'],
  ['defer_foreign_keys', 'transaction'],
  ['encoding', 'read'],
  ['foreign_key_check', 'argument'],
  ['foreign_key_list', 'argument'],
  ['foreign_keys', 'read'],
  ['freelist_count', 'read'],
  ['function_list', 'read'],
  ['index_info', 'argument'],
  ['index_list', 'argument'],
  ['index_xinfo', 'argument'],
  ['integrity_check', 'argument'],
  ['module_list', 'read'],
  ['optimize', 'argument'],
  ['page_count', 'read'],
  ['page_size', 'read'],
  ['quick_check', 'argument'],
  ['schema_version', 'read'],
  ['table_info', 'argument'],
  ['table_list', 'argument'],
  ['table_xinfo', 'argument'],
  ['user_version', 'argument'],
])

/** PRAGMAs that virtual tables run for themselves: a statement on such a table stays an ordinary one. */
const OF_MODULES: ReadonlySet<string> = new Set(['data_version', 'page_size'])

export interface PragmaVerdict {
  /** Why it is refused; `undefined` when it is let in. */
  readonly refusal?: string
  /** True when it may write although SQLite calls it read-only. */
  readonly writes: boolean
  /** False when running it once more needs preparing it once more. */
  readonly cacheable: boolean
}

/** Judges one PRAGMA; `deferring` says whether the statement is one of several in a transaction. */
export function judgePragma(name: string, argument: string | null, deferring: boolean): PragmaVerdict {
  const pragma = name.toLowerCase()
  const use = PRAGMAS.get(pragma)
  const verdict = { writes: pragma === 'optimize', cacheable: OF_MODULES.has(pragma) }
  if (use === undefined) {
    return {
      ...verdict,
      refusal: `PRAGMA ${pragma} is not let in: Tutti sets up the connection that all tabs share`,
    }
  }
  if (use === 'read' && argument !== null) {
    return { ...verdict, refusal: `PRAGMA ${pragma} can be read here, not set: Tutti sets up the connection` }
  }
  if (use === 'transaction' && argument !== null && !deferring) {
    return {
      ...verdict,
      refusal: `PRAGMA ${pragma} has an effect only inside a transaction: use db.transaction(), db.batch() or db.exec()`,
    }
  }
  return verdict
}
