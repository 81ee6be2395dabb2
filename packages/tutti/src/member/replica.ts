import type { SqlError } from '../errors/errors.ts'
import type { Blobs } from '../platform/blobs.ts'
import type { Clock } from '../platform/platform.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { PageDelta, Position, Statement, StatementResult } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import type { FetchedRows } from '../sqlite/fetch-rows.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import type { Watch } from './live/watch.ts'

export interface ReplicaDeps {
  readonly sqlite: Sqlite
  readonly clock: Pick<Clock, 'mono'>
  readonly blobs: Blobs
}

/** A call of one statement. */
export type SingleCall = Extract<StatementCall, { readonly op: 'statement' }>

/** `forward`: only the primary can say, because the call writes or names what this replica does not know. */
export type ReplicaRead =
  | { readonly kind: 'rows'; readonly results: readonly StatementResult[] }
  | {
      readonly kind: 'forward'
      /** This copy cannot be read as it is. */
      readonly damaged?: true
      /** Why it cannot be prepared on this version. */
      readonly unknown?: SqlError
    }

/** A statement under way on a version of its own. */
export interface ReplicaCursor {
  /** Memory that its version takes beside the replica, bytes. */
  readonly kept: number
  /** About `size` bytes of rows. @throws as `read` does. */
  next(size: number, limits: Limits): FetchedRows
  close(): void
}

/**
 * A member's own copy of the database, and the reads on it. Synchronous, so a read sees one version
 * whatever arrives meanwhile. Knows neither leases nor which version may be read.
 */
export interface Replica {
  /** `null` until the first copy is complete, and again when the copy turned out to be damaged. */
  readonly position: Position | null
  /** Memory that the copy takes. */
  readonly bytes: number
  readonly databaseSize: number

  /** Begins a copy anew; what was there before is dropped. */
  begin(databaseSize: number): void
  /** A piece of it. */
  put(delta: PageDelta): void
  /** The copy is complete, and this is its version. */
  finish(position: Position): void
  /** Follows one commit, or several at once. */
  applyDelta(delta: PageDelta, position: Position): void
  /** Gives the memory back. */
  clear(): void

  /** Whether `read` will answer, or refuse, this call here. */
  isRead(call: StatementCall): boolean
  /**
   * @param ofScript which rows of a script's statements to give back
   * @throws ParameterError, StatementRefusedError, SqlError, StatementTimeoutError, AbortedError.
   */
  read(call: StatementCall, limits: Limits, ofScript?: 'all' | 'none'): ReplicaRead
  /**
   * Begins to read this statement on the present version, which it keeps; `undefined` where only the primary can.
   * @throws as {@link read}.
   */
  open(statement: Statement): ReplicaCursor | undefined
  /** Which commits may change what this statement reads now; `undefined` where that cannot be told here. */
  watch(call: SingleCall): Watch | undefined
  /** Pages from `from` on, for a new primary on memory storage (R28). */
  readPages(from: number, count: number): PageDelta
  /** Whether SQLite finds the copy sound. Takes about 5 ms for each MB. */
  isSound(): boolean
  /** All pages as they are, as a plain file, for a backup. @throws StorageCorruptError where it is not sound. */
  copy(): Uint8Array<ArrayBuffer>[]
  /** The database as a plain file, without Tutti's own tables. */
  export(): Blob
  close(): void
}

export { createReplica } from './create-replica.ts'
