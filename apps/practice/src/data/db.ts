/**
 * The part of a Tutti database that Practice's own modules use. They take it as an argument and import
 * nothing of the library, so that their tests run on plain SQLite in Node.
 */
export type SqlParam = null | number | bigint | string | boolean | Uint8Array

export type SqlParams = readonly SqlParam[] | Readonly<Record<string, SqlParam>>

export interface Statement {
  readonly sql: string
  readonly params?: SqlParams
}

export interface Reader {
  all<Row>(sql: string, params?: SqlParams): Promise<Row[]>
  get<Row>(sql: string, params?: SqlParams): Promise<Row | undefined>
}

export interface Transaction extends Reader {
  run(sql: string, params?: SqlParams): Promise<{ readonly changes: number }>
}

export interface Db extends Transaction {
  /** All statements in one transaction, sent as one message. */
  batch(statements: readonly Statement[]): Promise<unknown>
  /** Runs the callback again only if it certainly did not commit: it must have no effect but its SQL. */
  transaction<T>(callback: (tx: Transaction) => Promise<T>): Promise<T>
  /** Calls the listener after each commit of any tab that touched one of these tables. Returns a stop function. */
  onChange(listener: () => void, options: { readonly tables: readonly string[] }): () => void
}

/** Whose list is meant: nearly every statement of the app is about one playlist of one user. */
export interface Scope {
  readonly userRef: string
  readonly playlistRef: string
}
