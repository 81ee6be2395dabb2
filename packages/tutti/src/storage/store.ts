import type { StorageKind } from '../protocol/values.ts'
import type { Device } from './device.ts'

/** Whose database and which, as `encodeName` of the protocol writes them: safe in the names of files. */
export interface Place {
  readonly user: string
  readonly database: string
}

/** One database where it is kept: its two files, and the point at which they become durable. */
export interface Store {
  readonly kind: StorageKind
  readonly main: Device
  readonly wal: Device
  /**
   * The durability point for everything both devices took before the call. OPFS flushes in place;
   * IndexedDB answers with a promise of one atomic transaction, which fails with {@link FencedError}
   * when another primary claimed the database since (R27).
   */
  flush(): void | Promise<void>
  /**
   * Claims the database for one primary: from then on a flush of anybody else fails. Rejects with
   * {@link FencedError} when a later epoch, or another incarnation, already did. Only IndexedDB needs
   * it (an OPFS handle is exclusive); elsewhere it resolves at once.
   * A claim under which nothing was ever flushed is overwritten: its maker was stopped too early.
   */
  fence(incarnation: string, epoch: number): Promise<void>
  /** Whether the name still leads to the open files: `gone` once site data was cleared (R29). Cheap. */
  verify(): Promise<'present' | 'gone'>
  close(): void
}

/** Another primary has claimed the database: this one may write no more. */
export class FencedError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FencedError'
  }
}

/** The site data was cleared, or the database deleted, while it was open. */
export class StoreGoneError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StoreGoneError'
  }
}

/** The files stayed open elsewhere for as long as the caller was willing to wait. Nothing was changed. */
export class StoreBusyError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'StoreBusyError'
  }
}
