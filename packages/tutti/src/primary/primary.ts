import { Elders } from '../cluster/elders.ts'
import {
  DatabaseDeletedError,
  FunctionsFailedError,
  type Outcome,
  StorageCorruptError,
  StorageFailedError,
  TuttiError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import { mark } from '../platform/marks.ts'
import type { Channel, HeldLock, Platform } from '../platform/platform.ts'
import {
  type EveryoneMessage,
  everyoneSchema,
  requestHeadSchema,
  type ToMemberPost,
  type ToPrimary,
  toPrimarySchema,
} from '../protocol/messages.ts'
import { openChannel } from '../protocol/open-channel.ts'
import type { FromPrimaryWorker, MemberOptions } from '../protocol/page-messages.ts'
import { requestIdOf } from '../protocol/request-key.ts'
import type { DurableKind } from '../storage/rungs.ts'
import { FencedError, type Store, StoreGoneError } from '../storage/store.ts'
import { type Engine, EngineBroken } from './engine.ts'
import { recoverFromReplicas } from './recover-from-replicas.ts'
import { Reign } from './reign.ts'
import type { ReignEnd } from './reign-end.ts'
import { fullError, isFull, Room } from './room.ts'
import { Signs } from './signs.ts'

/** Epochs in a row that may break before this worker gives up and another tab tries. */
const BREAKS = 3
/** After a file was found sound it is not looked through again for so long, ms. */
const CHECK_EVERY = 60_000
/** How long a backup that is being made may keep the database's deletion waiting, ms. */
const BACKUP_BOUND = 2000

export interface PrimaryOptions {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly id: string
  /** The member whose tab this worker lives in. */
  readonly host: string
  readonly expectedIncarnation: string | null
  /**
   * Opens the files, deleting nothing; `onRetry` is called while they are still held by a dying tab. With
   * `mustExist` nothing is made where there is nothing.
   */
  readonly openStore: (onRetry: () => void, mustExist: boolean) => Promise<Store>
  readonly deleteStore: (kind: Store['kind']) => Promise<void>
  /** Sets the damaged files aside, closed as they are, and says so. Not for memory. */
  readonly quarantine: (kind: DurableKind) => Promise<StorageCorruptError>
  readonly createEngine: (store: Store, how: EngineStart) => Promise<Engine>
  readonly isRevoked: (url: string) => boolean
  readonly tell: (message: FromPrimaryWorker) => void
}

/** How an engine is to begin. */
export interface EngineStart {
  readonly expectedIncarnation: string | null
  readonly onProgress: () => void
  /** Looks through the whole file first. */
  readonly check: boolean
}

/**
 * The one writer: takes the primary lock, and only then opens the files (R5). It serves as long as it
 * holds that lock, through as many epochs as its storage needs (R17).
 */
export class Primary {
  readonly #options: PrimaryOptions
  readonly #everyone: Channel<EveryoneMessage>
  readonly #elders: Elders
  readonly #inbox: Channel<ToPrimary>
  readonly #signs: Signs
  readonly #hostLine: Channel<ToMemberPost>
  #reign: Reign | undefined
  #handingOver = false
  #reigns = 0
  #receive: (message: ToPrimary, line?: Channel<ToMemberPost>) => void = () => undefined
  readonly #room = new Room()
  #kind: Store['kind'] = 'memory'
  /** Something read from the file looked damaged since it was last looked through. */
  #suspected = false
  #checkedAt = Number.NEGATIVE_INFINITY

  constructor(options: PrimaryOptions) {
    const { platform, id, tell } = options
    const { channels } = platform
    const { names } = options.options
    const answerWho = () => this.#reign?.announce()
    this.#options = options
    this.#everyone = openChannel(channels, {
      name: names.everyoneChannel,
      schema: everyoneSchema,
      hear: ({ type }) => {
        if (type === 'who') answerWho()
      },
      // The member of this tab hears the same, and counts it.
      onUnreadable: () => undefined,
    })
    this.#elders = new Elders({ channels, names: names.elderChannels, onWho: answerWho })
    this.#signs = new Signs(platform.clock, (type) => tell({ type }))
    this.#hostLine = { post: (post) => tell({ type: 'to-member', post }), close: () => undefined }
    this.#inbox = openChannel(channels, {
      name: names.inboxPrefix + id,
      schema: toPrimarySchema,
      hear: (message) => this.#receive(message),
      onUnreadable: (value) => {
        tell({ type: 'unreadable' })
        if (requestHeadSchema.accepts(value)) this.#reign?.receiveUnreadable(value)
      },
    })
  }

  /** Serves until it is demoted, hands over, or cannot go on. */
  async run(): Promise<void> {
    const { options, id } = this.#options
    const { primaryLock } = options.names
    const [life, lock] = await Promise.all([this.#lock(`${primaryLock}/${id}`), this.#lock(primaryLock)])
    let ended: FromPrimaryWorker
    try {
      ended =
        lock === undefined || life === undefined ? { type: 'ended', retry: true } : await this.#serve(lock)
    } catch (error) {
      ended = whyNotStarted(error)
    }
    this.#signs.close()
    this.#inbox.close()
    this.#elders.close()
    this.#everyone.close()
    // Before its member learns by the lock that this worker is no more, and hears nothing further.
    this.#options.tell(ended)
    lock?.release()
    life?.release()
  }

  /** `undefined` where the lock was taken away before this worker knew that it had it: a demotion, too. */
  #lock(name: string): Promise<HeldLock | undefined> {
    return this.#options.platform.locks.request(name).catch(() => undefined)
  }

  /** The member of this tab speaks, and is answered, by their own port: a broadcast takes several times as long. */
  hearHost(message: ToPrimary): void {
    this.#receive(message, this.#hostLine)
  }

  /** Gives up on purpose (R7). */
  handOver(): void {
    this.#handingOver = true
    void this.#reign?.handOver()
  }

  async #serve(lock: HeldLock): Promise<FromPrimaryWorker> {
    let demoted = false
    void lock.lost.then(() => {
      demoted = true
    })
    let expected = this.#options.expectedIncarnation
    for (let breaks = 0; breaks < BREAKS && !demoted && !this.#handingOver; ) {
      const epoch = await this.#serveUnlessDamaged(lock, expected)
      if (epoch === 'suspected') continue
      const { end, incarnation } = epoch
      expected = incarnation
      switch (end.kind) {
        case 'handed-over':
        case 'demoted':
          return { type: 'ended', retry: true }
        case 'destroyed':
          return { type: 'ended', retry: false }
        case 'gone':
          return this.#gone(incarnation)
        case 'room-wanted':
          break
        case 'suspect':
          this.#suspected = true
          break
        case 'broken':
          if (end.cause instanceof StoreGoneError) return this.#gone(incarnation)
          if (end.cause instanceof FencedError) return { type: 'ended', retry: true }
          mark('an epoch ends with the storage, and is opened again')
          breaks++
          this.#suspected ||= end.cause instanceof StorageCorruptError
          this.#room.lose(end.unflushed.map(requestIdOf), end.cause)
          break
        default:
          return end satisfies never
      }
    }
    return { type: 'ended', retry: true }
  }

  /** A first sign of damage has the file opened once more, and looked through; a second one sets it aside (R29.1). */
  async #serveUnlessDamaged(lock: HeldLock, expected: string | null) {
    try {
      return await this.#serveEpoch(lock, expected)
    } catch (error) {
      const damaged = error instanceof StorageCorruptError && error.quarantined === undefined
      if (!damaged || this.#kind === 'memory') throw error
      if (this.#suspected) throw await this.#options.quarantine(this.#kind)
      this.#suspected = true
      return 'suspected'
    }
  }

  async #serveEpoch(
    lock: HeldLock,
    expected: string | null,
  ): Promise<{ end: ReignEnd; incarnation: string }> {
    const { platform, options, id, host, tell } = this.#options
    const { names } = options
    const stillStarting = () => this.#signs.working()
    stillStarting()
    const store = await this.#options.openStore(stillStarting, expected !== null)
    this.#kind = store.kind
    let engine: Engine | undefined
    let closed = false
    // Once its file was cleared away, Chromium's `close()` of an OPFS handle never returns, and not even
    // `terminate()` reaches the worker then: its locks stay held until the tab is closed. So it is looked for
    // first; handles that are not closed end with the worker (R29).
    const close = async (asIs = false): Promise<'closed' | 'gone'> => {
      if (closed) return 'closed'
      if (store.kind === 'opfs' && (await store.verify()) === 'gone') return 'gone'
      closed = true
      try {
        engine?.close(asIs)
      } finally {
        store.close()
      }
      return 'closed'
    }
    try {
      if (store.kind === 'memory') await this.#recover(store)
      engine = await this.#options.createEngine(store, {
        expectedIncarnation: expected,
        check: this.#suspected,
        onProgress: () => {
          stillStarting()
          this.#reign?.tellCurrent()
        },
      })
      if (this.#suspected) this.#checkedAt = platform.clock.mono()
      this.#suspected = false
      // From here on no earlier primary can flush (R27); the epoch itself must survive before it is announced.
      await this.#keepEpoch(store, engine)
      const alive = await platform.locks.held(names.memberLockPrefix)
      const reign = new Reign({
        platform,
        names,
        primary: id,
        reign: ++this.#reigns,
        migrations: options.migrations.length,
        host,
        lock,
        engine,
        store,
        alive: alive.map((name) => name.slice(names.memberLockPrefix.length)),
        room: this.#room,
        checked: () => platform.clock.mono() - this.#checkedAt < CHECK_EVERY,
        everyone: this.#everyone,
        elders: this.#elders,
        isRevoked: this.#options.isRevoked,
        signs: this.#signs,
        deleteFiles: async (then) => {
          try {
            if ((await close()) === 'closed') await this.#deleteAll(store.kind, then)
            else then()
          } catch (error) {
            throw storageFailed('The database could not be deleted whole', error, 'unknown')
          }
        },
      })
      this.#reign = reign
      this.#receive = (message, line) => reign.receive(message, line)
      this.#signs.idle()
      reign.start()
      tell({ type: 'serving' })
      if (this.#handingOver) void reign.handOver()
      const end = await reign.ended
      const { incarnation } = engine
      if (end.kind === 'gone' || end.kind === 'destroyed') return { end, incarnation }
      const closing = await close(end.kind === 'suspect')
      return { end: closing === 'gone' ? { kind: 'gone' } : end, incarnation }
    } catch (error) {
      await close()
      throw error
    } finally {
      this.#reign = undefined
      this.#receive = () => undefined
    }
  }

  async #recover(store: Store): Promise<void> {
    const { platform, options, id } = this.#options
    await recoverFromReplicas({
      platform,
      names: options.names,
      everyone: this.#everyone,
      primary: id,
      store,
      listen: (receive) => {
        this.#receive = receive
      },
    })
  }

  /** Whoever is making a backup is waited for, or robbed: its copy must not outlive the database. */
  async #deleteAll(kind: Store['kind'], then: () => void): Promise<void> {
    const { platform, options } = this.#options
    const name = options.names.backupLock
    const bound = new AbortController()
    const timer = platform.clock.after(BACKUP_BOUND, () => bound.abort())
    const lock = await platform.locks
      .request(name, { signal: bound.signal })
      .catch(() => platform.locks.request(name, { steal: true }))
    timer.cancel()
    try {
      await this.#options.deleteStore(kind)
      then()
    } finally {
      lock.release()
    }
  }

  #gone(incarnation: string): FromPrimaryWorker {
    this.#everyone.post({ type: 'deleted', incarnation })
    const error = new DatabaseDeletedError(
      'The site data was cleared underneath this database: open it again to start anew.',
    )
    return { type: 'ended', error: serializeError(error), retry: false }
  }

  /**
   * Claims the storage and keeps the epoch there. Without room for that the epoch can still be read: nothing
   * commits in it, so nothing is lost if the next one begins where it did (R25).
   */
  async #keepEpoch(store: Store, engine: Engine): Promise<void> {
    try {
      await store.fence(engine.incarnation, engine.epoch)
      await store.flush()
      engine.flushed(engine.version)
      this.#room.found()
    } catch (error) {
      if (!isFull(error)) throw error
      // A database that was only just made would be gone with the next start, as if somebody had deleted it.
      if (engine.epoch === 1) throw fullError(error)
      mark('an epoch is served without room')
      this.#room.missed(error)
    }
  }
}

/** Tells a failure that another start would meet again from one of the storage that may pass. */
function whyNotStarted(error: unknown): FromPrimaryWorker {
  // This tab's member has loaded the same module: it can be loaded.
  if (error instanceof FunctionsFailedError) {
    return { type: 'ended', error: serializeError(error), retry: true }
  }
  const permanent = error instanceof TuttiError && !(error instanceof StorageFailedError)
  if (permanent) return { type: 'ended', error: serializeError(error), retry: false }
  const cause = error instanceof EngineBroken ? error.cause : error
  const failed = storageFailed('The storage could not be opened', cause, 'not-applied')
  return { type: 'ended', error: serializeError(failed), retry: true }
}

function storageFailed(what: string, cause: unknown, outcome: Outcome): StorageFailedError {
  return new StorageFailedError(`${what}: ${String(cause)}`, { outcome, cause })
}
