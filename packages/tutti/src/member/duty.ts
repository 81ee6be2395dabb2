import { Candidacy } from '../cluster/candidacy.ts'
import { Standby } from '../cluster/standby.ts'
import { StorageCorruptError } from '../errors/errors.ts'
import { deserializeError } from '../errors/wire.ts'
import type { Channel, Platform, Port } from '../platform/platform.ts'
import type { ToMemberPost, ToPrimary } from '../protocol/messages.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  Lifecycle,
  MemberOptions,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'
import { GiveWay } from './give-way.ts'
import { type HostedEnd, PrimaryHost } from './primary-host.ts'

/** After a start that failed in a way that may pass, the next attempt waits so long, ms. */
const RETRY = 250
/** So many in a row, and a tab that is only opening gives up. */
const FAILED_STARTS = 5

export interface DutyOptions {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly member: string
  /** The page was asked for a primary worker already. */
  readonly prepared: boolean
  readonly toPage: (message: FromMemberWorker) => void
  readonly adoptPort: (port: MessagePort) => Port<ToPrimaryWorker, FromPrimaryWorker>
  readonly incarnation: () => string | null
  /** Whether another tab is visible, as far as is known. */
  readonly othersVisible: () => boolean
  /** A sign that this candidate lives. */
  readonly onStarting: () => void
  /** The primary of this tab is no more. */
  readonly onHostedEnd: () => void
  /** The primary of this tab speaks to its member. */
  readonly hear: (post: ToMemberPost) => void
  /** The primary of this tab could not read another tab's message. */
  readonly onUnreadable: () => void
  readonly onDeleted: () => void
  /** The database was damaged and is set aside: there is nothing to be the primary of. */
  readonly onDamaged: (error: StorageCorruptError) => void
  /** The primary cannot start in this tab, for a reason that another attempt would meet again. */
  readonly onFailed: (error: Error) => void
}

/** This tab's readiness to be the primary: when it stands for election, hosts, and lets go (R5, R6, R7). */
export class Duty {
  readonly #options: DutyOptions
  readonly #candidacy: Candidacy
  readonly #host: PrimaryHost
  readonly #giveWay: GiveWay
  readonly #standby: Standby
  #failedStarts = 0
  #failure: Error | undefined
  #visible: boolean
  #suspended = false
  #begun = false
  /** It has opened, and its replica is made. */
  #settled = false
  /** Neither stands for election any more nor hosts. */
  #retired = false

  constructor(options: DutyOptions) {
    const { platform, member, prepared, toPage, adoptPort, incarnation, onStarting, onUnreadable, hear } =
      options
    this.#options = options
    this.#visible = options.options.visible
    this.#host = new PrimaryHost({
      clock: platform.clock,
      random: platform.random,
      member,
      options: options.options,
      expectedIncarnation: incarnation,
      prepared,
      toPage,
      adoptPort,
      onStarting,
      onUnreadable,
      hear,
      onEnded: (end) => this.#ended(end),
    })
    this.#candidacy = new Candidacy({
      locks: platform.locks,
      clock: platform.clock,
      random: platform.random,
      lock: options.options.names.candidateLock,
      onElected: (lock) => this.#host.start(lock),
    })
    this.#standby = new Standby({
      locks: platform.locks,
      clock: platform.clock,
      lock: options.options.names.standbyLock,
      onFirst: () => this.#prepare(),
      onOver: () => this.#host.dismiss(),
    })
    this.#giveWay = new GiveWay({
      clock: platform.clock,
      mobile: options.options.mobile,
      othersVisible: options.othersVisible,
      goToTheEnd: () => this.#goToTheEnd(),
      handOver: () => this.#host.handOver(),
    })
  }

  /** True while the primary lives in this tab. */
  get hosting(): boolean {
    return this.#host.hosting
  }

  /** The way to `primary`, where that lives in this tab. */
  lineTo(primary: string): Channel<ToPrimary> | undefined {
    return this.#host.lineTo(primary)
  }

  /** Why the primary did not start in this tab, if the last attempt failed. */
  get failure(): Error | undefined {
    return this.#failure
  }

  begin(): void {
    this.#begun = true
    this.#enter()
    // A tab that was opened in the background hears of no change.
    if (!this.#visible) this.#hide()
  }

  /** Who is visible has changed. */
  rosterChanged(): void {
    this.#giveWay.look()
  }

  /** This tab has opened, and has time for what it may need later. */
  settled(): void {
    this.#settled = true
    this.#prepare()
  }

  candidateSeen(): void {
    this.#candidacy.candidateSeen()
  }

  primarySeen(): void {
    this.#candidacy.primarySeen()
    // Only now: the next one's worker would load on the same cores as this one opens the files.
    if (this.hosting) this.#standby.withdraw()
    if (!this.#standby.first) this.#host.dismiss()
  }

  primaryGone(primary: string): void {
    this.#candidacy.primaryGone()
    this.#host.died(primary)
  }

  primaryStarted(n: number, port: MessagePort): void {
    this.#host.started(n, port)
  }

  primaryEnded(n: number): void {
    const { hosting } = this
    this.#host.endedByPage(n)
    // A worker that could not load, or was lost while it waited: another tab may have one.
    if (!hosting) this.#standby.withdraw()
  }

  /** A tab with a newer build is there: it goes first (R30). */
  yieldToNewer(): void {
    this.#goToTheEnd()
    this.#host.handOver()
  }

  /**
   * A tab of a newer protocol is there. This one is of no more use: its calls have ended, and in the queue it
   * would rob those whom it cannot hear (R4). What runs is finished.
   */
  retire(): void {
    this.#stepDown()
    this.#host.handOver()
    this.#host.dismiss()
  }

  live(state: Lifecycle): void {
    switch (state) {
      case 'visible':
        this.#visible = true
        this.#giveWay.show()
        break
      case 'hidden':
        this.#hide()
        break
      case 'suspended':
        this.#suspended = true
        this.#withdraw()
        break
      case 'resumed':
        // Nothing else ends a suspension: a page that is navigated away from is hidden after it was suspended.
        this.#suspended = false
        this.#enter()
        break
      default:
        return state satisfies never
    }
    this.#candidacy.seen(this.#visible)
  }

  end(): void {
    this.#stepDown()
    this.#host.terminate()
  }

  #stepDown(): void {
    this.#retired = true
    // Who leaves owes nobody anything.
    this.#giveWay.show()
    this.#withdraw()
  }

  #goToTheEnd(): void {
    this.#candidacy.goToTheEnd()
    this.#standby.goToTheEnd()
  }

  #withdraw(): void {
    this.#candidacy.withdraw()
    this.#standby.withdraw()
  }

  #hide(): void {
    this.#visible = false
    this.#candidacy.seen(false)
    this.#giveWay.hide()
  }

  #enter(): void {
    if (this.#begun && !this.#suspended && !this.#retired) this.#candidacy.enter()
    // On a phone memory is worth more than a failover's time.
    if (this.#candidacy.queued && !this.#options.options.mobile) this.#standby.enter()
    this.#prepare()
  }

  #prepare(): void {
    if (this.#settled && this.#standby.first) this.#host.prepare()
  }

  #ended({ error, retry }: HostedEnd): void {
    this.#options.onHostedEnd()
    if (this.#retired) return
    if (error?.code === 'DATABASE_DELETED') return this.#options.onDeleted()
    this.#failure = error === undefined ? undefined : deserializeError(error)
    if (this.#failure instanceof StorageCorruptError) return this.#options.onDamaged(this.#failure)
    this.#failedStarts = error === undefined ? 0 : this.#failedStarts + 1
    if (error !== undefined && (!retry || this.#failedStarts >= FAILED_STARTS)) {
      this.#options.onFailed(deserializeError(error))
      // This tab can still follow a primary elsewhere, but not become one.
      if (!retry) return
    }
    this.#options.platform.clock.after(error === undefined ? 0 : RETRY, () => this.#enter())
  }
}
