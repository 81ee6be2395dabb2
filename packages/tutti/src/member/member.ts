import { WorkerFailedError } from '../errors/errors.ts'
import type { HeldLock } from '../platform/platform.ts'
import type { EveryoneMessage, MemberInfo, ToMember, ToMemberPost } from '../protocol/messages.ts'
import type { Lifecycle, ToMemberWorker } from '../protocol/page-messages.ts'
import type { Position, StorageKind } from '../protocol/values.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { Bequest } from './bequest.ts'
import { Calls } from './calls.ts'
import { Duty } from './duty.ts'
import { Ending } from './ending.ts'
import { Feed, REPLICA_BUDGET } from './feed.ts'
import { type EveryonesEars, hearEveryone } from './hear-everyone.ts'
import { hearPage } from './hear-page.ts'
import { hearPrimary, type PrimaryEars, type Welcome } from './hear-primary.ts'
import { LiveQueries } from './live/live-queries.ts'
import { MemberChannels } from './member-channels.ts'
import type { MemberDeps } from './member-deps.ts'
import { PrimaryLink } from './primary-link.ts'
import { Readiness } from './readiness.ts'
import { Reads } from './reads.ts'
import { Requests } from './requests.ts'
import { Roster } from './roster.ts'
import { tellChange } from './tell-change.ts'
import { Tidings } from './tidings.ts'
import { Upgrade } from './upgrade.ts'
import { Upkeep } from './upkeep.ts'

/** One open tab's part in the database of one user: puts the pieces together and hands messages to them. */
export class Member {
  readonly #deps: MemberDeps
  readonly #id: string
  readonly #life: Promise<HeldLock>
  /** Holds its life lock. Before that it joins nobody: whoever watches it would find that lock free. */
  #begun = false
  readonly #channels: MemberChannels
  readonly #link: PrimaryLink
  readonly #requests: Requests
  readonly #tidings: Tidings
  readonly #acknowledgements: Acknowledgements
  readonly #feed: Feed
  readonly #reads: Reads
  readonly #calls: Calls
  readonly #live: LiveQueries
  readonly #duty: Duty
  readonly #bequest: Bequest
  readonly #roster: Roster
  readonly #upgrade: Upgrade
  readonly #upkeep: Upkeep
  readonly #ending: Ending
  readonly #readiness: Readiness
  #page: { readonly visible: boolean; readonly url: string; readonly title: string }

  constructor(deps: MemberDeps) {
    const { platform, options } = deps
    const { names } = options
    this.#deps = deps
    this.#id = platform.random.id()
    this.#page = { visible: options.visible, url: options.url, title: options.title }
    this.#channels = new MemberChannels({
      channels: platform.channels,
      names,
      member: this.#id,
      hearEveryone: (message) => this.#hearEveryone(message),
      hearPrimary: (message) => this.#hearPrimary(message),
      heardPrimary: () => this.#acknowledgements.settle(),
      onUnreadableAnswer: (answer) => this.#requests.unreadable(answer),
    })
    this.#readiness = new Readiness({
      page: deps.page,
      copy: deps.copy,
      member: this.#id,
      storage: () => this.#storage,
      onReady: () => {
        this.#link.bind()
        this.#upkeep.begin()
      },
    })
    this.#tidings = new Tidings({
      clock: platform.clock,
      member: this.#id,
      unanswered: () => this.#requests.doubtful,
      tell: (change) => tellChange(change, this.#id, deps.page, this.#live),
    })
    this.#acknowledgements = new Acknowledgements({
      clock: platform.clock,
      replicasAreTheStorage: () => this.#storage === 'memory',
      post: (acknowledgement) => this.#link.post({ type: 'ack', member: this.#id, ...acknowledgement }),
    })
    this.#feed = new Feed({
      replica: deps.replica,
      budget: () => {
        if (!this.#wantsReplica) return 0
        return options.replica === 'auto' && this.#storage !== 'memory' ? REPLICA_BUDGET : Infinity
      },
      acknowledge: (acknowledgement, bytes) => this.#acknowledgements.owe(acknowledgement, bytes),
      fetch: (want) => this.#link.post({ type: 'fetch', member: this.#id, epoch: this.#epoch, want }),
      onProgress: () => this.#progressed(),
      onMode: (mode) => {
        this.#inform()
        this.#upkeep.modeChanged(mode)
        if (mode !== 'building') this.#duty.settled()
      },
      tidings: this.#tidings,
    })
    this.#link = new PrimaryLink({
      platform,
      names,
      everyone: this.#channels.everyone,
      lineTo: (primary) => this.#duty.lineTo(primary),
      info: () => this.#info(),
      position: () => this.#position,
      expectedIncarnation: options.expectedIncarnation,
      onPrimary: () => {
        this.#duty.primarySeen()
        this.#reads.reset()
        this.#upgrade.primaryChanged()
      },
      onPrimaryGone: (primary) => {
        this.#duty.primaryGone(primary)
        this.#upgrade.primaryChanged()
        this.#tellEvent('status')
      },
      onDeleted: () => this.#ending.deleted(),
    })
    this.#requests = new Requests({
      clock: platform.clock,
      member: this.#id,
      durability: options.durability,
      link: this.#link,
      ping: () => this.#roster.ping(),
      startFailure: () => this.#duty.failure,
      onEnd: (seq, committed) => this.#tidings.ended(seq, committed),
    })
    this.#reads = new Reads({
      clock: platform.clock,
      feed: this.#feed,
      replica: deps.replica,
      stale: options.stale,
      onRead: deps.flushPage,
      onDamaged: () => this.#upkeep.suspect(),
      silence: () => this.#link.silence,
      ask: (asked) => {
        if (!this.#link.joined) return false
        this.#acknowledgements.hurry()
        this.#link.post({ type: 'lease', member: this.#id, epoch: this.#epoch, asked })
        return true
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
      prepared: deps.prepared,
      toPage: (message) => deps.page.post(message),
      adoptPort: deps.adoptPort,
      incarnation: () => this.#link.incarnation,
      othersVisible: () => this.#roster.othersVisible,
      onStarting: () => this.#channels.showCandidate(),
      onHostedEnd: () => this.#link.ownEnded(),
      onUnreadable: () => this.#channels.countUnreadable(),
      hear: (post) => this.#hearOwnPrimary(post),
      onDeleted: () => this.#ending.deleted(),
      onDamaged: (error) => void this.#ending.damaged(error),
      onFailed: (error) => {
        if (!this.#readiness.ready) this.#ending.failed(error)
      },
    })
    this.#roster = new Roster({
      platform,
      names,
      member: this.#id,
      link: this.#link,
      feed: this.#feed,
      self: () => this.#info(),
      unreadable: () => this.#channels.unreadable,
      live: () => this.#live.size,
      backup: () => this.#upkeep.backup(),
    })
    this.#upkeep = new Upkeep({
      platform,
      options,
      feed: this.#feed,
      reads: this.#reads,
      replica: deps.replica,
      requests: this.#requests,
      storage: () => this.#storage,
      hosting: () => this.#duty.hosting,
      shelf: deps.shelf,
      room: deps.room,
      onBackupStatus: () => this.#tellEvent('storage'),
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
    this.#upgrade = new Upgrade({
      platform,
      options,
      duty: this.#duty,
      link: this.#link,
      calls: this.#calls,
      reads: this.#reads,
      requests: this.#requests,
      onUnreadable: () => this.#channels.countUnreadable(),
      onOutdated: () => {
        this.#tellEvent('outdated')
        // Where this tab can read nothing more, they are to say so.
        this.#live.resync()
      },
      onFailed: (error) => this.#ending.failed(error),
    })
    this.#ending = new Ending({
      clock: platform.clock,
      page: deps.page,
      requests: this.#requests,
      calls: this.#calls,
      ready: () => this.#readiness.ready,
      takeLeave: () => this.#link.post({ type: 'leave', member: this.#id }),
      release: () => this.#release(),
    })
    this.#live = new LiveQueries({
      clock: platform.clock,
      page: deps.page,
      member: this.#id,
      requests: this.#requests,
      reads: this.#reads,
      feed: this.#feed,
      tidings: this.#tidings,
      replica: deps.replica,
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
    if (this.#ending.over) return life.release()
    this.#begun = true
    void life.lost.then(() => this.#lostLife())
    this.#duty.begin()
    this.#upgrade.greet()
    this.#link.seek()
  }

  /** WebKit drops the locks of a cached page: others took this member for dead, and so must it (R15). */
  #lostLife(): void {
    const message = 'The browser took the locks of this tab away, and others took it for dead.'
    this.#ending.failed(new WorkerFailedError(message))
  }

  /** Takes what the page says. */
  hear(message: ToMemberWorker): void {
    hearPage(message, {
      calls: this.#calls,
      live: this.#live,
      duty: this.#duty,
      follow: (state) => this.#follow(state),
      entitle: ({ url, title }) => {
        this.#page = { ...this.#page, url, title }
        this.#inform()
      },
      suspect: () => this.#upkeep.suspect(),
      leave: () => this.#ending.left(),
    })
  }

  /** The primary of this tab speaks by its own port. */
  #hearOwnPrimary(post: ToMemberPost): void {
    for (const message of [post].flat()) this.#hearPrimary(message)
    this.#acknowledgements.settle()
  }

  #hearPrimary(message: ToMember): void {
    if (this.#ending.over) return
    if (message.type === 'lease') this.#acknowledgements.hurry()
    hearPrimary(message, this.#ears)
  }

  #hearEveryone(message: EveryoneMessage): void {
    if (this.#begun && !this.#ending.over) hearEveryone(message, this.#ears)
  }

  get #ears(): PrimaryEars & EveryonesEars {
    return {
      epoch: this.#epoch,
      link: this.#link,
      feed: this.#feed,
      acknowledgements: this.#acknowledgements,
      reads: this.#reads,
      requests: this.#requests,
      roster: this.#roster,
      upgrade: this.#upgrade,
      duty: this.#duty,
      bequest: this.#bequest,
      ending: this.#ending,
      live: this.#live,
      welcomed: (welcome) => this.#welcomed(welcome),
      statusChanged: () => this.#tellEvent('status'),
    }
  }

  #welcomed(message: Welcome): void {
    if (!this.#link.welcomed(message.epoch, message.packs)) return
    this.#reads.reset()
    this.#acknowledgements.forget()
    this.#feed.welcome(message, this.#wantsReplica)
    if (this.#wantsReplica) this.#reads.introduce()
    else this.#duty.settled()
    this.#requests.resend()
    this.#live.resync()
    // A primary of an older build has yet to hand over to one that knows this build's migrations (R30).
    if (message.schema < this.#deps.options.migrations.length) return
    this.#readiness.welcomed(message.position)
    this.#upgrade.databaseHas(message.schema, message.newerTab)
    this.#tellEvent('status')
  }

  #progressed(): void {
    this.#reads.progress()
    this.#deps.copy?.stable(this.#feed.stable)
    this.#readiness.progress()
  }

  #follow(state: Lifecycle): void {
    if (this.#ending.over) return
    const shows = state === 'visible' || state === 'hidden'
    if (shows) this.#page = { ...this.#page, visible: state === 'visible' }
    this.#duty.live(state)
    if (shows) return this.#inform()
    // Messages may be lost meanwhile: on waking nothing is known until the primary answers.
    this.#reads.reset()
    if (state !== 'resumed') return
    this.#link.seek()
    this.#upgrade.greet()
  }

  get #wantsReplica(): boolean {
    return this.#deps.options.replica !== 'never' || this.#storage === 'memory'
  }

  #info(): MemberInfo {
    const { build, migrations, writeWhenAhead } = this.#deps.options
    return {
      member: this.#id,
      ...this.#page,
      build: build.version,
      schema: migrations.length,
      // Also one that nobody wants is one, for as long as an export or a backup needs it.
      replica: this.#wantsReplica || this.#feed.mode !== 'none' ? this.#feed.state : 'none',
      writeWhenAhead,
      bundles: true,
    }
  }

  #inform(): void {
    this.#link.post({ type: 'info', info: this.#info() })
  }

  #tellEvent(event: 'status' | 'outdated' | 'storage'): void {
    if (this.#readiness.ready) this.#deps.page.post({ type: 'event', event })
  }

  #release(): void {
    this.#upkeep.end()
    this.#duty.end()
    this.#acknowledgements.forget()
    const parts = [
      this.#requests,
      this.#tidings,
      this.#live,
      this.#link,
      this.#roster,
      this.#upgrade,
      this.#channels,
    ]
    for (const part of parts) part.close()
    this.#deps.replica.close()
    void this.#life.then((life) => life.release()).catch(() => undefined)
  }
}
