import { Candidacy } from '../cluster/candidacy.ts'
import { StorageCorruptError } from '../errors/errors.ts'
import { deserializeError } from '../errors/wire.ts'
import type { Platform, Port, Timer } from '../platform/platform.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  Lifecycle,
  MemberOptions,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'
import { type HostedEnd, PrimaryHost } from './primary-host.ts'

/** How long a hidden tab keeps the primary while another tab is visible, ms (R7). */
const HIDDEN_HANDOVER = 30_000
/** After a start that failed in a way that may pass, the next attempt waits so long, ms. */
const RETRY = 250
/** So many in a row, and a tab that is only opening gives up. */
const FAILED_STARTS = 5

export interface DutyOptions {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly member: string
  readonly toPage: (message: FromMemberWorker) => void
  readonly adoptPort: (port: MessagePort) => Port<ToPrimaryWorker, FromPrimaryWorker>
  readonly incarnation: () => string | null
  /** Whether another tab is visible, as far as is known. */
  readonly othersVisible: () => boolean
  /** A sign that this candidate lives. */
  readonly onStarting: () => void
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
  #failedStarts = 0
  #failure: Error | undefined
  #suspended = false
  #over = false
  #leaveWhenHidden: Timer | undefined

  constructor(options: DutyOptions) {
    const { platform, member, toPage, adoptPort, incarnation, onStarting } = options
    this.#options = options
    this.#host = new PrimaryHost({
      clock: platform.clock,
      member,
      options: options.options,
      expectedIncarnation: incarnation,
      toPage,
      adoptPort,
      onStarting,
      onEnded: (end) => this.#ended(end),
    })
    this.#candidacy = new Candidacy({
      locks: platform.locks,
      clock: platform.clock,
      random: platform.random,
      lock: options.options.names.candidateLock,
      onElected: (lock) => this.#host.start(lock),
    })
  }

  /** True while the primary lives in this tab. */
  get hosting(): boolean {
    return this.#host.hosting
  }

  /** Why the primary did not start in this tab, if the last attempt failed. */
  get failure(): Error | undefined {
    return this.#failure
  }

  begin(): void {
    this.#candidacy.enter()
  }

  candidateSeen(): void {
    this.#candidacy.candidateSeen()
  }

  primarySeen(): void {
    this.#candidacy.primarySeen()
  }

  primaryGone(primary: string): void {
    this.#candidacy.primaryGone()
    this.#host.died(primary)
  }

  primaryStarted(n: number, port: MessagePort): void {
    this.#host.started(n, port)
  }

  primaryEnded(n: number): void {
    this.#host.endedByPage(n)
  }

  /** A tab with a newer build is there: it goes first (R30). */
  yieldToNewer(): void {
    this.#candidacy.goToTheEnd()
    this.#host.handOver()
  }

  live(state: Lifecycle, visible: boolean): void {
    const { platform, othersVisible } = this.#options
    this.#leaveWhenHidden?.cancel()
    this.#suspended = state === 'suspended'
    this.#candidacy.mayRob(visible && !this.#suspended)
    if (state === 'suspended') this.#candidacy.withdraw()
    if (state === 'resumed') this.#candidacy.enter()
    if (state !== 'hidden') return
    if (othersVisible()) this.#candidacy.goToTheEnd()
    this.#leaveWhenHidden = platform.clock.after(HIDDEN_HANDOVER, () => {
      if (othersVisible()) this.#host.handOver()
    })
  }

  end(): void {
    this.#over = true
    this.#leaveWhenHidden?.cancel()
    this.#candidacy.withdraw()
    this.#host.terminate()
  }

  #ended({ error, retry }: HostedEnd): void {
    if (this.#over) return
    if (error?.code === 'DATABASE_DELETED') return this.#options.onDeleted()
    this.#failure = error === undefined ? undefined : deserializeError(error)
    if (this.#failure instanceof StorageCorruptError) return this.#options.onDamaged(this.#failure)
    this.#failedStarts = error === undefined ? 0 : this.#failedStarts + 1
    if (error !== undefined && (!retry || this.#failedStarts >= FAILED_STARTS)) {
      this.#options.onFailed(deserializeError(error))
      // This tab can still follow a primary elsewhere, but not become one.
      if (!retry) return
    }
    this.#options.platform.clock.after(error === undefined ? 0 : RETRY, () => {
      if (!this.#over && !this.#suspended) this.#candidacy.enter()
    })
  }
}
