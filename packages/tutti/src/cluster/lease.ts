import { mark } from '../platform/marks.ts'
import type { Clock } from '../platform/platform.ts'
import type { Until } from '../protocol/messages.ts'

/** For how long a replica may serve reads on the primary's last word, ms (R10). */
export const LEASE = 500

/** What the primary waits beyond a lease, ms: clocks of two workers are read at different moments (R10). */
export const LEASE_MARGIN = 50

interface Grant {
  readonly wallAtGrant: number
  readonly until: Until
}

/**
 * The primary's side: who may still be reading on its word. Counted from its answer, plus a margin,
 * and over only when both clocks say so (R10). A wall clock that was set back is not waited for: the
 * holder's monotonic clock has ended the lease.
 */
export class LeaseBook {
  readonly #clock: Clock
  readonly #grants = new Map<string, Grant>()
  #everyone: Grant | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Lends `member` a lease that counts from `since`, by the monotonic clock. */
  grant(member: string, since = this.#clock.mono()): Until {
    const { until, grant } = this.#issue(since)
    this.#grants.set(member, grant)
    return until
  }

  /** Lends every member that has the current version a lease, without being asked (R11). */
  grantEveryone(): Until {
    const { until, grant } = this.#issue(this.#clock.mono())
    this.#everyone = grant
    return until
  }

  forget(member: string): void {
    this.#grants.delete(member)
  }

  /** How long `member` may still read on a lease, ms; 0 when it certainly does not. */
  remaining(member: string): number {
    return Math.max(this.#left(this.#grants.get(member)), this.#left(this.#everyone))
  }

  #issue(since: number): { until: Until; grant: Grant } {
    const mono = since + LEASE
    const wallAtGrant = this.#clock.wall()
    const wall = wallAtGrant + (mono - this.#clock.mono())
    return {
      until: { mono, wall },
      grant: { wallAtGrant, until: { mono: mono + LEASE_MARGIN, wall: wall + LEASE_MARGIN } },
    }
  }

  #left(grant: Grant | undefined): number {
    if (grant === undefined) return 0
    const wall = this.#clock.wall()
    const byWall = wall < grant.wallAtGrant ? 0 : grant.until.wall - wall
    return Math.max(0, grant.until.mono - this.#clock.mono(), byWall)
  }
}

/**
 * The replica's side. Counted from when it asked, and over when either clock says so (R10). The two
 * monotonic clocks have different origins: one exchange, asked at `asked` here and answered at `now`
 * there, gives a bound that is never too late.
 */
export class LeaseHolder {
  readonly #clock: Clock
  #exchange: { readonly asked: number; readonly now: number } | undefined
  #until: Until = { mono: -Infinity, wall: -Infinity }
  #wallAtGrant = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The primary's answer to a question asked at `asked` (this worker's clock) and answered at `now` (its clock). */
  granted(asked: number, now: number, until: Until): void {
    const known = this.#exchange
    // The shortest exchange gives the closest bound; one that a long statement held up would end leases
    // before they begin.
    if (known === undefined || asked - now > known.asked - known.now) this.#exchange = { asked, now }
    this.extend(until)
  }

  /** The primary's unasked word that nothing commits before `until`; of no use before a first exchange. */
  extend(until: Until): void {
    if (this.#exchange === undefined) return
    const mono = this.#exchange.asked + (until.mono - this.#exchange.now)
    if (mono <= this.#until.mono) return
    this.#until = { mono, wall: until.wall }
    this.#wallAtGrant = until.wall - LEASE
  }

  /** How long reads may go on, ms; 0 when they may not. */
  remaining(): number {
    const wall = this.#clock.wall()
    if (wall < this.#wallAtGrant - LEASE_MARGIN) {
      mark('the wall clock ends a lease')
      return 0
    }
    return Math.max(0, Math.min(this.#until.mono - this.#clock.mono(), this.#until.wall - wall))
  }

  /** Ends the lease; with `exchange` also what is known of the primary's clock: another primary, another clock. */
  drop(exchange = false): void {
    this.#until = { mono: -Infinity, wall: -Infinity }
    if (exchange) this.#exchange = undefined
  }
}
