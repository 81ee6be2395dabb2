import { EpochBarrier } from '../cluster/barrier.ts'
import type { Elders } from '../cluster/elders.ts'
import { LEASE, LeaseBook } from '../cluster/lease.ts'
import { Stability } from '../cluster/stability.ts'
import { Tenure } from '../cluster/tenure.ts'
import { StorageCorruptError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { Channel, HeldLock, Platform, Timer } from '../platform/platform.ts'
import type {
  Announcement,
  EveryoneMessage,
  PrimaryStatus,
  RequestHead,
  ToMemberPost,
  ToPrimary,
  Want,
} from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import { unpackCall } from '../protocol/packed.ts'
import type { Store } from '../storage/store.ts'
import { Answers } from './answers.ts'
import type { Engine } from './engine.ts'
import { Executor } from './executor.ts'
import { Lending } from './lending.ts'
import { Publisher } from './publisher.ts'
import type { ReignEnd } from './reign-end.ts'
import type { Room } from './room.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import type { Signs } from './signs.ts'

/** How long a `relaxed` commit may stay unflushed, ms (R20). */
const RELAXED_FLUSH = 100
/** How often the file's name is resolved anew before an answer, ms (R29). */
const VERIFY_EVERY = 1000
/** How long a handover waits for the answers that are under way, ms (R7). */
const HANDOVER = 2 * LEASE

export interface ReignOptions {
  readonly platform: Platform
  readonly names: DatabaseNames
  readonly primary: string
  readonly reign: number
  /** How many migrations this build knows. */
  readonly migrations: number
  readonly host: string
  readonly lock: HeldLock
  readonly engine: Engine
  readonly store: Store
  /** Ends of members that live now: nothing is answered before each joined, or a lease has passed (R8). */
  readonly alive: readonly string[]
  readonly room: Room
  /** True where the file was found sound a short while ago: what looks damaged now is not the file. */
  readonly checked: () => boolean
  readonly everyone: Channel<EveryoneMessage>
  readonly elders: Elders
  readonly isRevoked: (url: string) => boolean
  readonly signs: Signs
  /** Closes the engine and the store, and deletes the files. `then` is called before anybody may keep a copy again. */
  readonly deleteFiles: (then: () => void) => Promise<void>
}

/** One epoch of one primary: from the raised epoch to the moment it lets go. */
export class Reign {
  readonly ended: Promise<ReignEnd>
  readonly #options: ReignOptions
  readonly #sessions: Sessions
  readonly #tenure: Tenure
  readonly #leases: LeaseBook
  readonly #stability: Stability
  readonly #barrier: EpochBarrier
  readonly #publisher: Publisher
  readonly #lending: Lending
  readonly #answers: Answers
  readonly #executor: Executor
  readonly #end: (end: ReignEnd) => void
  #verified: number
  #over = false
  #relaxed: Timer | undefined

  constructor(options: ReignOptions) {
    const { engine, store, platform } = options
    const { clock } = platform
    const replicasAreTheStorage = store.kind === 'memory'
    this.#options = options
    let end: (end: ReignEnd) => void = () => undefined
    this.ended = new Promise((resolve) => {
      end = resolve
    })
    this.#end = end
    this.#verified = clock.mono()
    this.#sessions = new Sessions({
      platform,
      names: options.names,
      engine,
      migrations: options.migrations,
      everyone: options.everyone,
      onGone: (session) => this.#gone(session),
    })
    this.#tenure = new Tenure({
      clock,
      locks: platform.locks,
      lock: options.names.primaryLock,
      exclusiveFiles: store.kind === 'opfs',
    })
    this.#leases = new LeaseBook(clock)
    this.#stability = new Stability(engine.version, {
      clock,
      leases: this.#leases,
      replicasAreTheStorage,
      onStable: (version) => this.#declareStable(version),
    })
    this.#answers = new Answers(engine.epoch, this.#stability)
    this.#publisher = new Publisher({
      engine,
      stability: this.#stability,
      replicasAreTheStorage,
      lent: (member) => this.#leases.remaining(member) > 0,
      sessions: () => this.#sessions.all(),
    })
    this.#lending = new Lending({
      clock,
      epoch: engine.epoch,
      leases: this.#leases,
      stability: this.#stability,
      tenure: this.#tenure,
      version: () => this.#publisher.version,
    })
    this.#executor = new Executor({
      engine,
      clock,
      answers: this.#answers,
      mayServe: () => this.#mayServe(),
      signs: options.signs,
      publish: (commits) => this.#publisher.publish(commits),
      sendRests: () => this.#publisher.sendRests(),
      flush: (durability) => this.#flush(durability),
      flushed: (version) => this.#stability.flushed(version),
      settled: (ms) => this.#stability.settled(ms),
      destroy: () => this.#destroy(),
      refusal: (session) => options.room.refusal ?? this.#sessions.refusal(session),
      postpones: (error, requestId) => this.#wantsRoom(error, requestId) || this.#wantsCheck(error),
      wantsCheck: () => this.#wantsCheck(),
      takeReason: (requestId) => options.room.takeReason(requestId),
      isRevoked: options.isRevoked,
      onBroken: (cause, unflushed) => this.#finish({ kind: 'broken', cause, unflushed }),
    })
    this.#barrier = new EpochBarrier(options.alive, clock, () => this.#open())
    void options.lock.lost.then(() => this.#finish({ kind: 'demoted' }))
  }

  get announcement(): Announcement {
    const { primary, reign, host, engine, store } = this.#options
    return { primary, reign, host, incarnation: engine.incarnation, epoch: engine.epoch, storage: store.kind }
  }

  start(): void {
    this.announce()
    this.#barrier.start()
  }

  announce(): void {
    const message = { type: 'announce', ...this.announcement } as const
    this.#options.everyone.post(message)
    this.#options.elders.post(message)
  }

  /** @param line to whom sent this, where it came by another way than the inbox */
  receive(message: ToPrimary, line?: Channel<ToMemberPost>): void {
    if (this.#over) return
    if (message.type === 'join') return this.#join(message, line)
    const session = this.#sessions.get(message.type === 'info' ? message.info.member : message.member)
    if (session === undefined) return
    const ofThisEpoch = !('epoch' in message) || message.epoch === this.#options.engine.epoch
    if (!ofThisEpoch) return
    switch (message.type) {
      case 'info':
        if (message.info.replica === 'none') this.#unfollow(session)
        return this.#sessions.inform(session, message.info)
      case 'leave':
        return this.#sessions.leave(session)
      case 'status':
        return session.post({ type: 'status', nonce: message.nonce, status: this.#status() })
      case 'cancel':
        return this.#executor.cancel(session, message.seq)
      case 'lease':
        return this.#lending.lend(session, message.asked)
      case 'ack':
        return this.#publisher.acknowledged(session, message.version, message.complete)
      case 'fetch':
        return this.#fetch(session, message.want)
      case 'request':
        if (session.inFlight.has(message.seq)) return
        if (session.refusedBefore(message.seq, message.answered)) return
        session.inFlight.add(message.seq)
        return this.#executor.enqueue({ session, request: { ...message, call: unpackCall(message.call) } })
      case 'position':
      case 'pages':
        // Only a primary that is starting on memory storage asks for these (R28).
        return
      default:
        return message satisfies never
    }
  }

  receiveUnreadable(request: RequestHead): void {
    if (!this.#over) this.#sessions.refuseUnreadable(request)
  }

  /**
   * Called from the progress handler. Nothing can commit before the end of what runs now: a lease for
   * everyone (R11). Where a commit before it is not yet stable, replicas hold their reads, and a lease is of
   * no use to them: no acknowledgement can be heard now, but the leases that it waits for do end.
   */
  tellCurrent(): void {
    if (this.#over || !this.#stability.opened) return
    this.#stability.evaluate()
    if (!this.#stability.complete || !this.#tenure.runsOn()) return
    const { everyone, engine } = this.#options
    this.#publisher.catchUp()
    const until = this.#leases.grantEveryone()
    everyone.post({ type: 'current', epoch: engine.epoch, version: this.#stability.version, until })
  }

  /** Gives up on purpose: what runs is finished and answered, what waits is asked again of the next primary (R7). */
  async handOver(): Promise<void> {
    if (this.#over) return
    mark('a primary hands over')
    await this.#executor.close()
    const late = this.#options.platform.clock.after(HANDOVER, () => this.#finish({ kind: 'handed-over' }))
    while (this.#answers.pending > 0 && !this.#over) await this.#stability.next()
    late.cancel()
    this.#finish({ kind: 'handed-over' })
  }

  #join(message: Extract<ToPrimary, { type: 'join' }>, line?: Channel<ToMemberPost>): void {
    const { engine } = this.#options
    const session = this.#sessions.join(message, line)
    if (session === undefined) return
    const { position, info } = message
    this.#forgetDeltas(session)
    const usable = info.replica !== 'none' && position !== null && engine.reaches(position)
    const follow = usable ? this.#publisher.follow(position.version) : 'rebuild'
    if (follow === 'current') this.#publisher.begin(session)
    // Without a file a commit waits until a replica has it, also one that is still being built (R28).
    else if (this.#options.store.kind === 'memory') this.#stability.follow(session.member, -1)
    else this.#stability.unfollow(session.member)
    const { incarnation, epoch, databaseSize, schema } = engine
    const { version } = this.#publisher
    session.post({
      type: 'welcome',
      epoch,
      position: { incarnation, epoch, version },
      databaseSize,
      follow,
      schema,
      newerTab: this.#sessions.knowsSchema,
      packs: true,
    })
    session.post({ type: 'stable', epoch, version: this.#stability.version })
    this.#barrier.arrived(session.member)
    // Only a primary of that build can run the migrations that this one does not know (R30).
    if (info.schema > schema) void this.handOver()
  }

  #fetch(session: Session, want: Want): void {
    // What was published is there whatever runs: an open transaction must not wait for who waits for it.
    if (want.kind === 'deltas') return this.#publisher.serveDelta(session, want, this.#executor.expectsLong)
    const { timesUnfollowed } = session
    this.#executor.between(() => {
      // Meanwhile its member may have gone, or given its replica up: as a follower it would be waited for.
      if (session.timesUnfollowed === timesUnfollowed)
        this.#publisher.servePages(session, want.from, want.copy)
      return null
    })
  }

  #gone(session: Session): void {
    this.#unfollow(session)
    this.#leases.forget(session.member)
    this.#barrier.arrived(session.member)
    this.#executor.drop(session)
    void this.#buryTheDead()
  }

  /** True where a write may do better in the next epoch: it is asked again then. */
  #wantsRoom(error: unknown, requestId: string): boolean {
    if (!this.#options.room.awaits(requestId, error)) return false
    this.#finish({ kind: 'room-wanted' })
    return true
  }

  /** True where the file is looked through before anything more is answered (R29.1). */
  #wantsCheck(error?: unknown): boolean {
    const damaged = error === undefined || error instanceof StorageCorruptError
    if (!damaged || this.#options.checked()) return false
    this.#finish({ kind: 'suspect' })
    return true
  }

  /** What members that are gone left in the ledger becomes their tombstones (R15). */
  async #buryTheDead(): Promise<void> {
    const { platform, names, engine } = this.#options
    const held = await platform.locks.held(names.memberLockPrefix)
    if (this.#over || this.#options.room.refusal !== undefined) return
    const alive = held.map((lock) => lock.slice(names.memberLockPrefix.length))
    this.#executor.between(() => {
      const joined = Array.from(this.#sessions.all(), ({ member }) => member)
      return engine.pruneOrphans(new Set([...alive, ...joined]))
    })
  }

  #unfollow(session: Session): void {
    session.timesUnfollowed++
    this.#forgetDeltas(session)
    this.#stability.unfollow(session.member)
  }

  /** What was sent to `session` is of no account any more; what was lent to it is, until that has ended (R9). */
  #forgetDeltas(session: Session): void {
    session.following = false
    session.fetching = undefined
    session.unacknowledged.length = 0
  }

  #open(): void {
    this.#stability.open()
    this.#lending.open()
    void this.#buryTheDead()
  }

  #declareStable(version: number): void {
    if (!this.#over) this.#answers.release(version, this.#sessions.all())
  }

  async #mayServe(): Promise<boolean> {
    const { platform, store } = this.#options
    if (!this.#over && platform.clock.mono() - this.#verified > VERIFY_EVERY) {
      if ((await store.verify()) === 'gone') this.#finish({ kind: 'gone' })
      this.#verified = platform.clock.mono()
    }
    // Last of all: it may have been stopped while it looked for the files.
    await this.#tenure.sure()
    return !this.#over
  }

  async #flush(durability: 'full' | 'relaxed'): Promise<void> {
    const { engine, store, platform } = this.#options
    // Losing a tab must not lose a resolved write: only OPFS keeps unflushed writes beyond the tab (R20).
    if (durability === 'full' || store.kind !== 'opfs') {
      this.#relaxed?.cancel()
      this.#relaxed = undefined
      const { version } = engine
      await store.flush()
      engine.flushed(version)
      return
    }
    this.#relaxed ??= platform.clock.after(RELAXED_FLUSH, () => {
      this.#relaxed = undefined
      if (!this.#over) this.#executor.flushSoon()
    })
  }

  async #destroy(): Promise<void> {
    const { engine, everyone } = this.#options
    await this.#options.deleteFiles(() => {
      everyone.post({ type: 'deleted', incarnation: engine.incarnation })
      for (const session of this.#sessions.all()) {
        session.post({ type: 'deleted', incarnation: engine.incarnation })
      }
    })
    this.#finish({ kind: 'destroyed' })
  }

  #status(): PrimaryStatus {
    const { engine, host, store, platform } = this.#options
    const open = this.#executor.transaction
    return {
      epoch: engine.epoch,
      version: engine.version,
      stable: this.#stability.version,
      incarnation: engine.incarnation,
      host,
      storage: store.kind,
      members: this.#sessions.infos(),
      queue: this.#executor.queued,
      transaction:
        open === undefined ? null : { member: open.member, openFor: platform.clock.mono() - open.openedAt },
    }
  }

  #finish(end: ReignEnd): void {
    if (this.#over) return
    if (end.kind === 'demoted') mark('a demoted primary stops')
    // What waits would be told in a moment; one that was robbed says nothing more.
    if (end.kind !== 'demoted') this.#publisher.catchUp()
    this.#over = true
    this.#barrier.close()
    this.#stability.close()
    this.#lending.close()
    this.#relaxed?.cancel()
    void this.#executor.close().finally(() => {
      this.#sessions.close()
      this.#end(end)
    })
  }
}
