import type { WireError } from '../errors/wire.ts'
import type { StatementCall } from './call.ts'
import type { PageDelta, Position, StatementResult } from './values.ts'

/** What the page's own copy has to do to follow its member's replica: nothing that is not stable comes. */
export type ReplicaUpdate =
  /** A copy begins anew. The one before is read until the new one is complete. */
  | { readonly op: 'begin'; readonly databaseSize: number }
  | { readonly op: 'put'; readonly delta: PageDelta }
  | { readonly op: 'finish'; readonly position: Position }
  /** Whole commits, all at once: between two messages the page may read. */
  | { readonly op: 'apply'; readonly deltas: readonly PageDelta[]; readonly position: Position }
  /** The database has become too large for a copy. */
  | { readonly op: 'drop' }

/** How a read ended. Errors come as data: the reader is a bundle of its own, with classes of its own. */
export type SyncRead =
  | { readonly kind: 'rows'; readonly results: readonly StatementResult[]; readonly version: number }
  | { readonly kind: 'error'; readonly error: WireError }

/** A copy of the database on the page's own thread. Synchronous, and knows no messages. */
export interface SyncReader {
  /** Of what is read; `null` where there is no copy. */
  readonly version: number | null
  /** @returns why the copy could not be kept: what reads are told, too, until another one begins */
  update(update: ReplicaUpdate): WireError | undefined
  /** @param timeout how long the statements may run, ms */
  read(call: StatementCall, timeout: number): SyncRead
  close(): void
}

/** What the reader's own file gives. */
export interface SyncReaderModule {
  /** @param functions where the app's own are, if it has any */
  loadSyncReader(wasm: WebAssembly.Module, functions: string | null): Promise<SyncReader>
}
