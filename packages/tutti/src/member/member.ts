import {
  DatabaseClosedError,
  DatabaseDeletedError,
  type ErrorDetails,
  OutdatedError,
  WorkerFailedError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Channel, HeldLock, Platform, Port } from '../platform/platform.ts'
import type { EveryoneMessage, MemberInfo, ToMember } from '../protocol/messages.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  Lifecycle,
  MemberOptions,
  ToMemberWorker,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'
import type { Position, StorageKind } from '../protocol/values.ts'
import { TUTTI_VERSION } from '../protocol/version.ts'
import { Bequest } from './bequest.ts'
import { Calls } from './calls.ts'
import { Duty } from './duty.ts'
import { Feed, REPLICA_BUDGET } from './feed.ts'
import { Greeting } from './greeting.ts'
import { PrimaryLink } from './primary-link.ts'
import { Reads } from './reads.ts'
import type { Replica } from './replica.ts'
import { Requests } from './requests.ts'
import { Roster } from './roster.ts'

export interface MemberDeps {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  readonly replica: Replica
  readonly adoptPort: (port: MessagePort) => Port<ToPrimaryWorker, FromPrimaryWorker>
  readonly isRevoked: (url: string) => boolean
}

/** One open tab's part in the database of one user: puts the pieces together and hands messages to them. */
export class Member {
  readonly #deps: MemberDeps
  readonly #id: string
  readonly #life: Promise<HeldLock>
  /** Holds its life lock. Before that it joins nobody: whoever watches it would find that lock free. */
  #begun = false
  readonly #everyone: Channel<EveryoneMessage>
  readonly #greeting: Greeting
  readonly #inbox: Channel<ToMember>
  readonly #link: PrimaryLink
  readonly #requests: Requests
  readonly #feed: Feed
  readonly #reads: Reads
  readonly #calls: Calls
  readonly #duty: Duty
  readonly #bequest: Bequest
  readonly #roster: Roster
  #visible: boolean
  #title: { readonly url: string; readonly title: string }
  #ready = false
  /** How many migrations the database has, as the primary told. */
  #databaseSchema = 0
  #toldOutdated = false
  #over = false

  constructor(deps: MemberDeps) {
    const { platform, options } = deps
    const { names } = options
    this.#deps = deps
    this.#id = platform.random.id()
    this.#visible = options.visible
    this.#title = { url: options.url, title: options.title }
    this.#everyone = platform.channels.open<EveryoneMessage>(names.everyoneChannel, (message) =>
      this.#hearEveryone(message),
    )
    this.#greeting = new Greeting({
      channels: platform.channels,
      channel: names.helloChannel,
      schema: options.migrations.length,
      onNewer: (otherProtocol) => {
        if (this.#over) return
        this.#duty.yieldToNewer()
        if (otherProtocol) this.#outdated()
      },
    })
    this.#inbox = platform.channels.open<ToMember>(names.inboxPrefix + this.#id, (message) =>
      this.#hearPrimary(message),
    )
    this.#feed = new Feed({
      replica: deps.replica,
      budget: () => (options.replica === 'auto' && this.#storage !== 'memory' ? REPLICA_BUDGET : Infinity),
      acknowledge: (version, complete) =>
        this.#link.post({ type: 'ack', member: this.#id, epoch: this.#epoch, version, complete }),
      fetch: (want) => this.#link.post({ type: 'fetch', member: this.#id, epoch: this.#epoch, want }),
      onProgress: () => this.#reads.progress(),
      onMode: () => this.#inform(),
      onChange: ({ version, changes, by }) => {
        // Tutti's own housekeeping is nobody's change.
        if (by === '' && !changes.all) return
        deps.page.post({ type: 'change', version, changes, origin: by === this.#id ? 'self' : 'tab' })
      },
    })
    this.#link = new PrimaryLink({
      platform,
      names,
      everyone: this.#everyone,
      info: () => this.#info(),
      position: () => this.#position,
      expectedIncarnation: options.expectedIncarnation,
      onPrimary: () => {
        this.#duty.primarySeen()
        this.#reads.reset()
      },
      onPrimaryGone: (primary) => {
        this.#duty.primaryGone(primary)
        this.#tellEvent('status')
      },
      onDeleted: () => this.#deleted(),
    })
    this.#requests = new Requests({
      clock: platform.clock,
      member: this.#id,
      durability: options.durability,
      link: this.#link,
      ping: () => this.#roster.ping(),
      startFailure: () => this.#duty.failure,
    })
    this.#reads = new Reads({
      clock: platform.clock,
      feed: this.#feed,
      replica: deps.replica,
      stale: options.stale,
      ask: (asked) => {
        if (this.#link.joined) this.#link.post({ type: 'lease', member: this.#id, epoch: this.#epoch, asked })
        return this.#link.joined
      },
    })
    this.#bequest = new Bequest({
      channels: platform.channels,
      inboxPrefix: names.inboxPrefix,
      member: this.#id,
      replica: deps.replica,
      position: () => this.#position,
    })
    this.#duty = new Duty({
      platform,
      options,
      member: this.#id,
      toPage: (message) => deps.page.post(message),
      adoptPort: deps.adoptPort,
      incarnation: () => this.#link.incarnation,
      othersVisible: () => this.#roster.othersVisible,
      onStarting: () => this.#everyone.post({ type: 'candidate', member: this.#id }),
      onDeleted: () => this.#deleted(),
      onFailed: (error) => {
        if (!this.#ready) this.#fail(error)
      },
    })
    this.#roster = new Roster({
      platform,
      names,
      member: this.#id,
      link: this.#link,
      feed: this.#feed,
      self: () => this.#info(),
    })
    this.#calls = new Calls({
      clock: platform.clock,
      page: deps.page,
      requests: this.#requests,
      reads: this.#reads,
      feed: this.#feed,
      replica: deps.replica,
      isRevoked: deps.isRevoked,
      status: () => this.#roster.status(),
    })
    this.#life = platform.locks.request(names.memberLockPrefix + this.#id)
    this.#life.then(
      (life) => this.#begin(life),
      () => this.#lostLife(),
    )
  }

  get #storage(): StorageKind {
    return this.#link.announcement?.storage ?? 'memory'
  }

  /** Where this member's replica stands, as it tells a primary. */
  get #position(): Position | null {
    if (this.#storage === 'memory') this.#feed.applyReceived()
    return this.#feed.position
  }

  get #epoch(): number {
    return this.#link.announcement?.epoch ?? 0
  }

  #begin(life: HeldLock): void {
    if (this.#over) return life.release()
    this.#begun = true
    void life.lost.then(() => this.#lostLife())
    this.#duty.begin()
    this.#greeting.say()
    this.#link.seek()
  }

  /** WebKit drops the locks of a cached page: others took this member for dead, and so must it (R15). */
  #lostLife(): void {
    const message = 'The browser took the locks of this tab away, and others took it for dead.'
    this.#fail(new WorkerFailedError(message))
  }

  /** Takes what the page says. */
  hear(message: ToMemberWorker): void {
    switch (message.type) {
      case 'init':
        return
      case 'call':
        return this.#calls.call(message)
      case 'cancel':
        return this.#calls.cancel(message.n)
      case 'status':
        return this.#calls.tellStatus(message.n)
      case 'export':
        return void this.#calls.export(message.n)
      case 'lifecycle':
        if (!this.#over) this.#live(message.state)
        return
      case 'title':
        this.#title = message
        return this.#inform()
      case 'primary-started':
        return this.#duty.primaryStarted(message.n, message.port)
      case 'primary-ended':
        return this.#duty.primaryEnded(message.n)
      case 'leave':
        return this.#leave()
      default:
        return message satisfies never
    }
  }

  #hearPrimary(message: ToMember): void {
    if (this.#over) return
    this.#link.heard()
    switch (message.type) {
      case 'announce':
        return this.#link.announced(message)
      case 'welcome':
        return this.#welcomed(message)
      case 'deleted':
        if (message.incarnation === this.#link.announcement?.incarnation) this.#deleted()
        return
      case 'stable':
        return this.#feed.declareStable(message.epoch, message.version)
      case 'lease':
        if (message.epoch !== this.#epoch) return
        this.#feed.notice(message.version)
        return this.#reads.granted(message)
      case 'answer':
        if (message.epoch === this.#epoch) this.#requests.answered(message)
        return
      case 'status':
        return this.#roster.told(message)
      case 'send-pages':
        return this.#bequest.sendPages(message.primary, message.from)
      case 'delta':
      case 'behind':
      case 'rebuild':
      case 'pages':
      case 'deltas':
      case 'gap':
        return this.#feed.receive(message)
      default:
        return message satisfies never
    }
  }

  #hearEveryone(message: EveryoneMessage): void {
    if (!this.#begun || this.#over) return
    switch (message.type) {
      case 'who':
        return
      case 'candidate':
        return this.#duty.candidateSeen()
      case 'announce':
        return this.#link.announced(message)
      case 'current':
        this.#link.heard()
        if (message.epoch === this.#epoch && this.#link.joined) this.#reads.current(message)
        return
      case 'roster':
        this.#roster.heard(message.members)
        // The newer tab may join after this one has.
        if (message.members.some(({ schema }) => schema >= this.#databaseSchema)) this.#noticeNewerTab()
        return this.#tellEvent('status')
      case 'deleted':
        if (message.incarnation === this.#link.announcement?.incarnation) this.#deleted()
        return
      case 'positions':
        return this.#bequest.tellPosition(message.primary)
      default:
        return message satisfies never
    }
  }

  #welcomed(message: Extract<ToMember, { type: 'welcome' }>): void {
    if (!this.#link.welcomed(message.epoch)) return
    this.#reads.reset()
    this.#feed.welcome(message, this.#wantsReplica)
    if (this.#wantsReplica) this.#reads.introduce()
    this.#requests.resend()
    const { migrations } = this.#deps.options
    // A primary of an older build has yet to hand over to one that knows this build's migrations (R30).
    if (message.schema < migrations.length) return
    if (!this.#ready) {
      this.#ready = true
      this.#link.bind()
      const { version, incarnation } = message.position
      this.#deps.page.post({ type: 'ready', member: this.#id, storage: this.#storage, version, incarnation })
    }
    this.#databaseSchema = message.schema
    if (message.newerTab) this.#noticeNewerTab()
    this.#tellEvent('status')
  }

  #live(state: Lifecycle): void {
    if (state === 'visible' || state === 'hidden') this.#visible = state === 'visible'
    this.#duty.live(state, this.#visible)
    if (state === 'visible' || state === 'hidden') return this.#inform()
    // Messages may be lost meanwhile: on waking nothing is known until the primary answers.
    this.#reads.reset()
    if (state === 'resumed') this.#link.seek()
  }

  get #wantsReplica(): boolean {
    const { replica } = this.#deps.options
    return replica !== 'never' || this.#storage === 'memory'
  }

  #info(): MemberInfo {
    const { mode } = this.#feed
    const replica =
      !this.#wantsReplica || this.#feed.givenUp ? 'none' : mode === 'live' ? 'ready' : 'building'
    return {
      member: this.#id,
      visible: this.#visible,
      ...this.#title,
      build: TUTTI_VERSION,
      schema: this.#deps.options.migrations.length,
      replica,
      writeWhenAhead: this.#deps.options.writeWhenAhead,
    }
  }

  #inform(): void {
    this.#link.post({ type: 'info', info: this.#info() })
  }

  #tellEvent(event: 'status' | 'outdated' | 'deleted'): void {
    if (this.#ready) this.#deps.page.post({ type: 'event', event })
  }

  /** A tab of a newer protocol has come: it becomes the primary, and this one cannot talk to it (R4). */
  /** Another tab's build knows migrations that this one does not: reloading helps (R30). Told once. */
  #noticeNewerTab(): void {
    if (this.#toldOutdated || this.#databaseSchema <= this.#deps.options.migrations.length) return
    this.#toldOutdated = true
    this.#tellEvent('outdated')
  }

  #outdated(): void {
    const error = (details: ErrorDetails) =>
      new OutdatedError('Another tab runs a newer build: reload this one.', details)
    this.#tellEvent('outdated')
    this.#requests.failAll(error)
    this.#calls.end(error({ outcome: 'not-applied' }))
  }

  #deleted(): void {
    if (this.#over) return
    const error = (details: ErrorDetails) =>
      new DatabaseDeletedError('This database was deleted. Open it again to start anew.', details)
    if (!this.#ready) return this.#fail(error({ outcome: 'not-applied' }))
    this.#requests.failAll((details, call) => (call.op === 'destroy' ? null : error(details)))
    this.#calls.end(error({ outcome: 'not-applied' }))
    this.#tellEvent('deleted')
    this.#end()
  }

  #fail(error: Error): void {
    if (this.#over) return
    this.#deps.page.post({ type: 'failed', error: serializeError(error) })
    this.#calls.end(error)
    this.#end()
  }

  #leave(): void {
    if (this.#over) return this.#deps.page.post({ type: 'left' })
    this.#requests.failAll((details) => new DatabaseClosedError('The database was closed.', details))
    this.#link.post({ type: 'leave', member: this.#id })
    this.#calls.end(new DatabaseClosedError('The database was closed.'))
    this.#end()
    this.#deps.page.post({ type: 'left' })
  }

  #end(): void {
    this.#over = true
    this.#duty.end()
    this.#requests.close()
    this.#link.close()
    this.#roster.close()
    this.#inbox.close()
    this.#greeting.close()
    this.#everyone.close()
    this.#deps.replica.close()
    void this.#life.then((life) => life.release()).catch(() => undefined)
  }
}
