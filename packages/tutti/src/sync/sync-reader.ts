import { InternalError, StatementRefusedError, StorageCorruptError } from '../errors/errors.ts'
import { serializeError, type WireError } from '../errors/wire.ts'
import { createReplica, type Replica, type ReplicaDeps, type ReplicaRead } from '../member/replica.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { ReplicaUpdate, SyncRead, SyncReader } from '../protocol/sync-reads.ts'
import type { StatementResult } from '../protocol/values.ts'

/** Makes a {@link SyncReader} without a copy as yet. */
export function createSyncReader(deps: ReplicaDeps): SyncReader {
  return new ReaderOfReplicas(deps)
}

/** The replica that is read, and the one that is being built to take its place. */
class ReaderOfReplicas implements SyncReader {
  readonly #deps: ReplicaDeps
  #current: Replica | undefined
  #next: Replica | undefined
  /** Why there is no copy, where it could not be kept. */
  #broken: WireError | undefined

  constructor(deps: ReplicaDeps) {
    this.#deps = deps
  }

  get version(): number | null {
    return this.#current?.position?.version ?? null
  }

  update(update: ReplicaUpdate): WireError | undefined {
    if (this.#broken !== undefined && update.op !== 'begin') return undefined
    this.#broken = undefined
    try {
      this.#take(update)
    } catch (cause) {
      // Most likely there is no memory left for it.
      const message = "This page's copy of the database could not be kept: use the asynchronous calls."
      this.#broken = serializeError(new InternalError(message, { cause }))
      this.close()
    }
    return this.#broken
  }

  #take(update: ReplicaUpdate): void {
    switch (update.op) {
      case 'begin':
        this.#next ??= createReplica(this.#deps)
        return this.#next.begin(update.databaseSize)
      case 'put':
        return this.#next?.put(update.delta)
      case 'finish':
        if (this.#next === undefined) return
        this.#next.finish(update.position)
        this.#current?.close()
        this.#current = this.#next
        this.#next = undefined
        return
      case 'apply':
        for (const delta of update.deltas) this.#current?.applyDelta(delta, update.position)
        return
      case 'drop':
        return this.close()
      default:
        return update satisfies never
    }
  }

  read(call: StatementCall, timeout: number): SyncRead {
    const { position } = this.#current ?? { position: null }
    if (this.#current === undefined || position === null) {
      return { kind: 'error', error: this.#broken ?? serializeError(tooLarge()) }
    }
    try {
      const limits = { deadline: this.#deps.clock.mono() + timeout, cancelled: () => false }
      const results = rowsOf(this.#current.read(call, limits, 'all'))
      return { kind: 'rows', results, version: position.version }
    } catch (error) {
      return { kind: 'error', error: serializeError(error) }
    }
  }

  close(): void {
    this.#current?.close()
    this.#next?.close()
    this.#current = undefined
    this.#next = undefined
  }
}

function tooLarge(): StatementRefusedError {
  return new StatementRefusedError(
    "The database is too large for a copy on this page's thread: use the asynchronous calls, or open it with " +
      "{ replica: 'always' }.",
  )
}

/** Here is nobody to forward to. */
function rowsOf(read: ReplicaRead): readonly StatementResult[] {
  if (read.kind === 'rows') return read.results
  if (read.unknown !== undefined) throw read.unknown
  if (read.damaged === true) {
    throw new StorageCorruptError("This page's copy cannot be read: use the asynchronous calls.")
  }
  throw new StatementRefusedError(
    'The statement writes, and synchronous calls only read: use await db.run(), db.batch() or db.transaction()',
    { outcome: 'not-applied' },
  )
}
