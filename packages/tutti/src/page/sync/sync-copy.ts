import { deserializeError } from '../../errors/wire.ts'
import type { StatementCall } from '../../protocol/call.ts'
import type { ReplicaUpdate, SyncRead, SyncReader } from '../../protocol/sync-reads.ts'
import { type SyncHost, SyncReads } from './sync-reads.ts'

export type SyncRows = Extract<SyncRead, { readonly kind: 'rows' }>

/** Whom this page's copy tells of what goes wrong with it. */
export interface SyncCopyListener {
  /** It cannot be read as it is. */
  damaged(): void
  /** It could not be kept. */
  report(error: unknown): void
}

/** This page's own copy of the database. Only pages with `syncReads` load this. */
export class SyncCopy {
  readonly #reader: SyncReader
  readonly #listener: SyncCopyListener
  #closed = false

  constructor(reader: SyncReader, listener: SyncCopyListener) {
    this.#reader = reader
    this.#listener = listener
  }

  /** Of what is read now; 0 where nothing can be. */
  get version(): number {
    return this.#reader.version ?? 0
  }

  /** What one handle reads with. */
  readsOf(host: SyncHost): SyncReads {
    return new SyncReads(host)
  }

  update(update: ReplicaUpdate): void {
    if (this.#closed) return
    const problem = this.#reader.update(update)
    if (problem !== undefined) this.#listener.report(deserializeError(problem))
  }

  /** @throws what is wrong with the call, or why there is nothing to read */
  read(call: StatementCall, timeout: number): SyncRows {
    const read = this.#reader.read(call, timeout)
    if (read.kind === 'rows') return read
    if (read.error.code === 'STORAGE_CORRUPT') this.#listener.damaged()
    throw deserializeError(read.error)
  }

  close(): void {
    this.#closed = true
    this.#reader.close()
  }
}
