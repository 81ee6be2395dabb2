import type { Params, Statement } from './values.ts'

/** A statement, script or batch: what may run alone or inside an interactive transaction. */
export type StatementCall =
  | {
      readonly op: 'statement'
      readonly sql: string
      readonly params?: Params
      /** `first` gives back one row (`get`), `none` drops them (`run`). */
      readonly rows: 'all' | 'first' | 'none'
      /** Refuse the statement unless SQLite judges it read-only. */
      readonly readonly?: true
    }
  | { readonly op: 'script'; readonly sql: string }
  | { readonly op: 'batch'; readonly statements: readonly Statement[] }

/** What a page asks of its member, and a member, where it cannot answer itself, of the primary. */
export type Call =
  | StatementCall
  /** Opens an interactive transaction; the request's own id becomes the transaction's. Times in ms. */
  | { readonly op: 'begin'; readonly tx: string; readonly timeout: number; readonly idle: number }
  | { readonly op: 'in-transaction'; readonly tx: string; readonly call: StatementCall }
  | { readonly op: 'commit'; readonly tx: string }
  | { readonly op: 'rollback'; readonly tx: string }
  | { readonly op: 'import'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly op: 'destroy' }
  /** Resolves when everything committed before it is flushed. */
  | { readonly op: 'flush' }
  /** Resolves when the file was looked through for damage, and is sound. */
  | { readonly op: 'check' }
