import type { TuttiError } from '../errors/errors.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { RequestKey } from '../protocol/request-key.ts'
import type { ChangeSet, Migration, PageDelta, Position, StatementResult } from '../protocol/values.ts'
import type { Build } from '../protocol/version.ts'
import type { Limits } from '../sqlite/deadline.ts'

export type { Limits }

/** Which write this is: the ledger's key, and up to where its member's rows may be pruned (R15). */
export interface WriteRequest {
  readonly key: RequestKey
  /** The member that asks; only it may run an automatic key of its own for the first time. */
  readonly member: string
  readonly answered: number
  /** Why this member may not write (an older schema, R30): thrown when the call turns out to be a write. */
  readonly refusal?: TuttiError
}

export interface Commit {
  readonly version: number
  readonly delta: PageDelta
  readonly changes: ChangeSet
  /** True when replicas cannot follow by `delta`: the content was replaced, or too much of it changed. */
  readonly rebuild: boolean
}

export interface Execution {
  readonly results: readonly StatementResult[]
  /** The version that the results belong to: of the commit, of the first run, or of the snapshot read. */
  readonly version: number
  /** `null` for a read and for an answer from the ledger. */
  readonly commit: Commit | null
}

/**
 * The SQL side of a primary: one connection, the ledger, versions, migrations and change capture.
 * Synchronous, and knows no tabs: a commit here is not yet flushed and not yet stable.
 *
 * Every failure is a `TuttiError` or `ParameterError` with its outcome, and leaves the database as it
 * was, except {@link EngineBroken}: after it nothing may be answered (R17).
 */
export interface Engine {
  readonly incarnation: string
  readonly epoch: number
  /** Of the last commit. */
  readonly version: number
  readonly databaseSize: number
  /** How many migrations the database has. */
  readonly schema: number
  readonly transactionOpen: boolean

  /** True when a replica at `position` is on this database's history, and so may follow by deltas (R1). */
  reaches(position: Position): boolean
  /**
   * The last commits up to `version` as it was when the engine opened, oldest first: those that an earlier
   * primary left in the WAL, then the opening's own (epoch, migrations). Catch-up after a failover.
   */
  readonly recovered: readonly Pick<Commit, 'version' | 'delta'>[]

  /** Runs one call outside any interactive transaction: a read, or a write with its ledger row. */
  execute(call: StatementCall, request: WriteRequest, limits: Limits): Execution
  /** The stored answer of a write, `undefined` if there is none. */
  recall(key: RequestKey): Execution | undefined

  begin(): void
  inTransaction(call: StatementCall, limits: Limits): readonly StatementResult[]
  commit(request: WriteRequest): Execution
  rollback(): void

  /** Replaces the content (R2); every replica has to rebuild. */
  import(file: Uint8Array<ArrayBuffer> | Blob, request: WriteRequest): Execution
  /** Pages `from`, `from + 1`, … as committed; never inside a transaction. */
  readPages(from: number, count: number): PageDelta
  /** Deletes ledger rows of members that are gone, all but the newest (R15). */
  pruneOrphans(live: ReadonlySet<string>): Commit | null
  /** The store has flushed everything up to `version`: the next commits write that down. */
  flushed(version: number): void
  /** Copies the WAL into the file when it has grown; call when idle. */
  checkpoint(): void
  /** With `asIs` the files stay as they are: they are suspected of damage. */
  close(asIs?: boolean): void
}

export interface EngineOptions {
  readonly migrations: readonly Migration[]
  readonly build: Pick<Build, 'protocol' | 'floor'>
  /** Called from the progress handler at most every `heartbeat` ms while a statement runs. */
  readonly onProgress: () => void
  /** Look through the whole file first: it is suspected of damage. */
  readonly check?: boolean
}

/** An I/O error at or after a commit mark: what was committed is known only after reopening (R17). */
export class EngineBroken extends Error {
  constructor(cause: unknown) {
    super('The storage failed at a commit', { cause })
    this.name = 'EngineBroken'
  }
}
