import { type Outcome, TransactionLostError, TuttiError, WorkerFailedError } from '../errors/errors.ts'
import { deserializeError, type WireError } from '../errors/wire.ts'
import type { Change } from '../protocol/change.ts'
import type { LiveStart, LiveStop } from '../protocol/live.ts'
import type { ReplicaUpdate } from '../protocol/sync-reads.ts'
import type { StorageKind } from '../protocol/values.ts'
import { type Ask, isRollback, type Reply } from './ask.ts'
import { type AskOptions, Asks } from './asks.ts'
import { createDeferred } from './deferred.ts'
import { closedError, deletedError } from './ends.ts'
import { LiveRegistry } from './live/live-registry.ts'
import { loadCode } from './load-code.ts'
import { MemberSession } from './member-session.ts'
import type { CheckedOptions } from './open-options.ts'
import type { PageEnvironment } from './page-environment.ts'
import type { PendingAsk } from './pending-ask.ts'
import { StorageWatch } from './storage-state.ts'
import type { SyncCopy } from './sync/sync-copy.ts'
import { within } from './within.ts'

export type DatabaseEvent = 'status' | 'outdated' | 'deleted' | 'storage'

/** What a handle hears of the member that it shares. */
export interface HandleListener {
  change(change: Change): void
  event(event: DatabaseEvent): void
}

export interface SharedAskOptions extends AskOptions {
  /** The member's life in which this ask has a meaning; see {@link SharedMember.generation}. */
  readonly generation?: number
}

const DRAIN_BOUND = 2_000
const LONG_ENOUGH = 10_000
const FIRST_PAUSE = 250
const EVERYTHING = { tables: [], all: true, rowids: {}, columns: {} } as const
const PAGE_ITSELF = 0
const MOST_STARTS = 20

/**
 * This page's part in one database, shared by all handles that opened it: the member worker, and a new
 * one when it died; the asks that wait for replies; the end when the last handle closes.
 */
export class SharedMember {
  readonly options: CheckedOptions
  readonly storage: StorageWatch
  readonly live: LiveRegistry
  readonly #environment: PageEnvironment
  readonly #ended: () => void
  readonly #handles = new Map<number, HandleListener>()
  readonly #asks: Asks
  readonly #opened = createDeferred<void>()
  #session: MemberSession | undefined
  #sync: SyncCopy | undefined
  /** Present with `syncReads`. */
  #loadingSync: Promise<SyncCopy> | undefined
  #left = false
  #started = false
  #isOpen = false
  /** Why nothing of this database can be asked any more. */
  #end: ((outcome: Outcome | undefined) => Error) | undefined
  #readySince: number | undefined
  #generation = 0
  /** Members that died soon, one after the other. */
  #briefLives = 0
  #lastHandle = PAGE_ITSELF
  #version = 0
  #incarnation: string | null = null

  /** @param ended called when this member is not to be shared any more; a new `open` needs a new one */
  constructor(environment: PageEnvironment, options: CheckedOptions, ended: () => void) {
    this.options = options
    this.#environment = environment
    this.#ended = ended
    this.#asks = new Asks(environment, (message, transfer) => this.#session?.post(message, transfer))
    this.live = new LiveRegistry({
      post: (message) => this.#postLive(message),
      report: environment.reportError,
    })
    this.storage = new StorageWatch(environment.storage, options.storage[0] as StorageKind, () => {
      if (this.#isOpen) this.#tell('storage')
    })
  }

  /** Starts the first member. Resolves when it is ready; rejects with why it is not. */
  open(): Promise<void> {
    if (this.#started) return this.#opened.promise
    this.#started = true
    try {
      if (this.options.syncReads) {
        this.#loadingSync = this.#loadSync()
        // Told by whoever waits for it.
        this.#loadingSync.catch(() => undefined)
      }
      this.#session = this.#start()
    } catch (error) {
      this.#opened.reject(toWorkerFailed(error))
      this.#leave()
    }
    return this.#opened.promise
  }

  /** Rises when a member worker dies: an interactive transaction does not outlive its own. */
  get generation(): number {
    return this.#generation
  }

  /** Why nothing of this database can be asked any more, where that is so. */
  get end(): Error | undefined {
    return this.#end?.('not-applied')
  }

  /** This page's own copy: there with `syncReads`, once it was opened. */
  get sync(): SyncCopy | undefined {
    return this.#sync
  }

  /** The highest version that the member told. */
  get version(): number {
    return this.#version
  }

  /** A new handle's number. */
  attach(listener: HandleListener): number {
    this.#handles.set(++this.#lastHandle, listener)
    return this.#lastHandle
  }

  /** Lets the handle's asks end, or ends them; with the last handle the member leaves. */
  async release(handle: number): Promise<void> {
    await within(this.#environment.clock, DRAIN_BOUND, this.#asks.drained(handle))
    this.#asks.fail((pending) => closedError(pending.details().outcome), handle)
    this.#handles.delete(handle)
    if (this.#handles.size > 0 || this.#end !== undefined) return
    this.#leave()
    await this.#session?.leave()
    this.#session = undefined
    // What a closed handle asked last, such as its rollback: nobody answers any more.
    this.#asks.fail((pending) => closedError(pending.details().outcome))
  }

  /** Starts a new member worker where there is none. */
  ask(handle: number, ask: Ask, { generation, ...options }: SharedAskOptions = {}): Promise<Reply> {
    if (this.#end !== undefined) return Promise.reject(this.#end('not-applied'))
    const closed = handle !== PAGE_ITSELF && !this.#handles.has(handle)
    if (closed && !(isRollback(ask) && this.#session !== undefined)) {
      return Promise.reject(closedError('not-applied'))
    }
    if (generation !== undefined && generation !== this.#generation) {
      const message = "The transaction is over: this tab's worker died, and nothing of it was applied."
      return Promise.reject(new TransactionLostError(message, { outcome: 'not-applied' }))
    }
    try {
      this.#session ??= this.#start()
    } catch (error) {
      return Promise.reject(toWorkerFailed(error))
    }
    if (ask.type === 'status') this.#session.postTitle()
    return this.#asks.send(handle, ask, options)
  }

  /** Nothing of this database can be asked any more: it was deleted, by whomever. */
  setDeleted(): void {
    if (this.#end !== undefined) return
    this.#end = deletedError
    this.#leave()
    this.#tell('deleted')
    this.live.end(deletedError())
    void this.#endDeleted()
  }

  /** The database was set aside as damaged: a new `open` may find that the app has decided. */
  #setDamaged(wire: WireError): void {
    this.#end = (outcome) => withOutcome(wire, outcome)
    this.#leave()
    this.#tell('storage')
    this.live.end(withOutcome(wire, undefined))
  }

  async #endDeleted(): Promise<void> {
    await within(this.#environment.clock, DRAIN_BOUND, this.#asks.drained())
    this.#asks.fail((pending) => deletedError(pending.details().outcome))
    await this.#session?.leave()
    this.#session = undefined
  }

  #start(): MemberSession {
    const { persist: _, ...options } = this.options
    const session = new MemberSession(
      this.#environment,
      { ...options, expectedIncarnation: this.#incarnation },
      {
        ready: ({ storage, version, incarnation }) => {
          this.#incarnation = incarnation
          this.#ready(storage, version)
        },
        reply: (reply) => this.#asks.settle(reply),
        change: (change) => this.#change(change),
        live: (message) => this.live.receive(message),
        replica: (update) => this.#updateSync(update),
        event: (event) => this.#event(event),
        failed: (error, wire) => this.#failed(error, wire),
      },
    )
    for (const start of this.live.starts()) session.post(start)
    return session
  }

  #postLive(message: LiveStart | LiveStop): void {
    if (this.#session !== undefined) return this.#session.post(message)
    // The last query's end needs no member; the first one's start is told to the one that it starts.
    if (message.type === 'live' && this.#isOpen) this.#startForLive()
  }

  #startForLive(): void {
    if (this.live.size === 0 || this.#session !== undefined || this.#end !== undefined) return
    try {
      this.#session = this.#start()
    } catch (error) {
      this.live.fail(toWorkerFailed(error))
    }
  }

  #ready(storage: StorageKind, version: number): void {
    this.#readySince = this.#environment.clock.mono()
    this.storage.setKind(storage)
    const missed = this.#isOpen && version !== this.#version
    this.#version = Math.max(version, this.#version)
    if (this.#loadingSync === undefined) this.#opened.resolve()
    else
      this.#loadingSync.then(
        () => this.#opened.resolve(),
        (error: Error) => this.#loadFailed(error),
      )
    this.#isOpen = true
    if (missed) this.#change({ ...EVERYTHING, version, origin: 'tab' })
  }

  /** Nobody has it open yet: the worker goes, and the next `open` tries everything anew. */
  #loadFailed(error: Error): void {
    this.#opened.reject(error)
    this.#leave()
    void this.#session?.leave()
    this.#session = undefined
  }

  /** The last of this database for this page. */
  #leave(): void {
    this.#ended()
    this.#left = true
    this.#sync?.close()
  }

  async #loadSync(): Promise<SyncCopy> {
    const { clock, code, reportError } = this.#environment
    const [{ SyncCopy: Copy }, reader] = await loadCode(clock, 'syncReads', () =>
      Promise.all([code.syncReads(), this.#environment.loadSyncReader(this.options.functions)]),
    )
    this.#sync = new Copy(reader, {
      damaged: () => this.#session?.post({ type: 'damaged' }),
      report: reportError,
    })
    if (this.#left) this.#sync.close()
    return this.#sync
  }

  /** What comes before it is loaded waits, and keeps its order. */
  #updateSync(update: ReplicaUpdate): void {
    if (this.#sync !== undefined) this.#sync.update(update)
    else
      this.#loadingSync?.then(
        (copy) => copy.update(update),
        () => undefined,
      )
  }

  #change(change: Change): void {
    this.#version = Math.max(change.version, this.#version)
    for (const listener of [...this.#handles.values()]) listener.change(change)
  }

  #event(event: DatabaseEvent): void {
    if (event === 'deleted') this.setDeleted()
    else if (event === 'storage') void this.#refreshStorage()
    else this.#tell(event)
  }

  async #refreshStorage(): Promise<void> {
    if (this.#session === undefined) return
    const reply = await this.ask(PAGE_ITSELF, { type: 'status' }).catch(() => undefined)
    if (reply?.type === 'status' && reply.status !== undefined) this.storage.setKind(reply.status.storage)
    await this.storage.refresh()
  }

  #tell(event: DatabaseEvent): void {
    for (const listener of [...this.#handles.values()]) listener.event(event)
  }

  #failed(error: Error, wire: WireError | undefined): void {
    const lived = this.#readySince === undefined ? 0 : this.#environment.clock.mono() - this.#readySince
    this.#session = undefined
    this.#readySince = undefined
    this.#generation++
    this.#asks.fail((pending) => lostError(pending, error, wire))
    if (!this.#isOpen) {
      // The worker itself is sound: it only has to begin again under another id.
      if (wire?.code === 'WORKER_FAILED' && this.#generation < MOST_STARTS) {
        this.#session = this.#start()
        return
      }
      this.#opened.reject(error)
      return this.#leave()
    }
    if (wire?.code === 'DATABASE_DELETED') this.setDeleted()
    else if (wire?.code === 'STORAGE_CORRUPT') this.#setDamaged(wire)
    // Listeners want changes also where nobody calls; a worker that dies at once waits for the next call.
    else if (this.#end === undefined && lived >= LONG_ENOUGH) this.#session = this.#start()
    else if (this.#end === undefined) this.#startSoon(error)
    this.#briefLives = lived >= LONG_ENOUGH ? 0 : this.#briefLives + 1
  }

  /** Live queries call nobody, and wait no longer than it takes not to start a worker that dies over and over. */
  #startSoon(error: Error): void {
    if (this.#briefLives === 0) return this.#startForLive()
    this.live.fail(error)
    const pause = Math.min(LONG_ENOUGH, FIRST_PAUSE * 2 ** this.#briefLives)
    this.#environment.clock.after(pause, () => this.#startForLive())
  }
}

function lostError(pending: PendingAsk, error: Error, wire: WireError | undefined): Error {
  const details = pending.details(error)
  if (wire === undefined) return new WorkerFailedError(error.message, details)
  return withOutcome(wire, details.outcome)
}

function withOutcome(wire: WireError, outcome: Outcome | undefined): Error {
  const { outcome: _, ...rest } = wire
  return deserializeError(outcome === undefined ? rest : { ...rest, outcome })
}

function toWorkerFailed(error: unknown): TuttiError {
  if (error instanceof TuttiError) return error
  const details = { outcome: 'not-applied', cause: error } as const
  return new WorkerFailedError(`This tab's worker could not be made: ${String(error)}`, details)
}
