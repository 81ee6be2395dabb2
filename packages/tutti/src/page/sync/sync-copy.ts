import { InternalError } from '../../errors/errors.ts'
import { deserializeError } from '../../errors/wire.ts'
import type { StatementCall } from '../../protocol/call.ts'
import type { ReplicaUpdate, SyncRead, SyncReader } from '../../protocol/sync-reads.ts'
import { loadCode } from '../load-code.ts'
import type { PageEnvironment } from '../page-environment.ts'

export type SyncRows = Extract<SyncRead, { readonly kind: 'rows' }>

/** This page's own copy of the database: loads what reads it, and hands on what the member says meanwhile. */
export class SyncCopy {
  /** Resolves when it can be read. Rejects with why it never will. */
  readonly loaded: Promise<void>
  readonly #environment: Pick<PageEnvironment, 'clock' | 'loadSyncReader' | 'reportError'>
  readonly #damaged: () => void
  readonly #early: ReplicaUpdate[] = []
  #reader: SyncReader | undefined
  #closed = false

  /**
   * @param functions where the app's own are, if it has any
   * @param damaged called when the copy cannot be read as it is
   */
  constructor(
    environment: Pick<PageEnvironment, 'clock' | 'loadSyncReader' | 'reportError'>,
    functions: string | null,
    damaged: () => void,
  ) {
    this.#environment = environment
    this.#damaged = damaged
    this.loaded = this.#load(functions)
  }

  /** Of what is read now; 0 where nothing can be. */
  get version(): number {
    return this.#reader?.version ?? 0
  }

  update(update: ReplicaUpdate): void {
    if (this.#closed) return
    if (this.#reader === undefined) return void this.#early.push(update)
    const problem = this.#reader.update(update)
    if (problem !== undefined) this.#environment.reportError(deserializeError(problem))
  }

  /** @throws what is wrong with the call, or why there is nothing to read */
  read(call: StatementCall, timeout: number): SyncRows {
    const read = this.#reader?.read(call, timeout)
    if (read === undefined) throw new InternalError('db.sync is read before it is loaded.')
    if (read.kind === 'rows') return read
    if (read.error.code === 'STORAGE_CORRUPT') this.#damaged()
    throw deserializeError(read.error)
  }

  close(): void {
    this.#closed = true
    this.#early.length = 0
    this.#reader?.close()
  }

  async #load(functions: string | null): Promise<void> {
    const { clock, loadSyncReader } = this.#environment
    const reader = await loadCode(clock, 'syncReads', () => loadSyncReader(functions))
    if (this.#closed) return reader.close()
    this.#reader = reader
    for (const update of this.#early.splice(0)) this.update(update)
  }
}
