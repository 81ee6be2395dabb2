import type { Traits } from './policy.ts'
import type { Statement } from './statement.ts'

/**
 * A statement that passed the policy, with what was learned of it on the way. It lives as long as somebody
 * uses it or a cache keeps it.
 */
export class Prepared {
  readonly statement: Statement
  readonly traits: Traits
  /** Whether it may run without a transaction and without a ledger row. */
  readonly readonly: boolean
  #columns: readonly string[] | undefined
  #uses = 0
  #kept = false

  constructor(statement: Statement, traits: Traits) {
    this.statement = statement
    this.traits = traits
    this.readonly = statement.readonly && !traits.writes
  }

  /** Column names, read once it ran: the first step may prepare it anew under a changed schema. */
  columnsAfterStep(): readonly string[] {
    this.#columns ??= this.statement.columns
    return this.#columns
  }

  /** Begins one use, which ends with {@link release}. */
  use(): this {
    this.#uses++
    return this
  }

  release(): void {
    this.#uses--
    this.#finalizeIfUnused()
  }

  /** Told by a cache: that it keeps this, or does so no more. */
  keep(kept: boolean): void {
    this.#kept = kept
    this.#finalizeIfUnused()
  }

  #finalizeIfUnused(): void {
    if (this.#uses === 0 && !this.#kept) this.statement.finalize()
  }
}
