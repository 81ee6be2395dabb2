import type { LeaseBook } from '../cluster/lease.ts'
import type { Stability } from '../cluster/stability.ts'
import type { Tenure } from '../cluster/tenure.ts'
import { mark } from '../platform/marks.ts'
import type { Clock } from '../platform/platform.ts'
import type { Session } from './session.ts'

export interface LendingOptions {
  readonly clock: Clock
  readonly epoch: number
  readonly leases: LeaseBook
  readonly stability: Stability
  readonly tenure: Tenure
  /** The last version that members were told of. */
  readonly version: () => number
}

/** Answers members that ask for a lease: once the epoch is open, and only while this is certainly the primary. */
export class Lending {
  readonly #options: LendingOptions
  #closed = false
  #waiting: { readonly session: Session; readonly asked: number }[] = []

  constructor(options: LendingOptions) {
    this.#options = options
  }

  /** @param asked the member's monotonic clock when it asked, for it to know the question by */
  lend(session: Session, asked: number): void {
    const { stability, tenure } = this.#options
    // Before the epoch opens, another tab may still read an older version on the last primary's word (R8).
    if (!stability.opened) {
      mark('a lease is asked for before the epoch opens')
      this.#waiting.push({ session, asked })
      return
    }
    const since = tenure.lendsFrom
    if (since !== undefined) return this.#grant(since, session, asked)
    void tenure.ask().then((held) => this.#grant(held, session, asked))
  }

  /** The epoch is open. */
  open(): void {
    for (const { session, asked } of this.#waiting.splice(0)) this.lend(session, asked)
  }

  /** The epoch is over: also who was told to wait gets nothing. */
  close(): void {
    this.#closed = true
  }

  #grant(since: number, session: Session, asked: number): void {
    if (this.#closed) return
    const { clock, epoch, leases, stability, version } = this.#options
    session.post({
      type: 'lease',
      epoch,
      asked,
      now: clock.mono(),
      version: version(),
      stable: stability.version,
      until: leases.grant(session.member, since),
    })
  }
}
