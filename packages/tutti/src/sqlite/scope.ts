/** What a statement may do beyond the ordinary, depending on where it runs. */
export interface Scope {
  /** SAVEPOINT, RELEASE and ROLLBACK TO. */
  readonly savepoints: boolean
  /** `last_insert_rowid()`, `changes()` and `total_changes()` (R22). */
  readonly counters: boolean
  /** PRAGMA defer_foreign_keys. */
  readonly deferring: boolean
}

/** The places where SQL of the app runs. */
export const SCOPES = {
  /** Alone. */
  single: { savepoints: false, counters: false, deferring: false },
  /** In a script, a batch or a migration: one transaction, closed from outside. */
  several: { savepoints: false, counters: false, deferring: true },
  /** Inside an interactive transaction. */
  transaction: { savepoints: true, counters: true, deferring: true },
  /** In a script or a batch inside an interactive transaction, with a savepoint of Tutti's own around it. */
  severalInTransaction: { savepoints: false, counters: true, deferring: true },
} as const satisfies Record<string, Scope>
