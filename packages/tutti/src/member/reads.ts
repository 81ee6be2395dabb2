import { LEASE, LeaseHolder } from '../cluster/lease.ts'
import { StaleReadError, type TuttiError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { EveryoneMessage, ToMember } from '../protocol/messages.ts'
import type { Feed } from './feed.ts'
import type { Replica, ReplicaRead } from './replica.ts'
import { READ_TIMEOUT, STALE_AFTER } from './requests.ts'
import { Vigil } from './vigil.ts'

export interface ReadLimits {
  /** How long the statement may run, ms. */
  readonly timeout: number
  readonly cancelled: () => boolean
}

export interface ReadsOptions {
  readonly clock: Clock
  readonly feed: Feed
  readonly replica: Replica
  readonly stale: 'error' | 'allow'
  /** A statement is about to run on this thread, which can do nothing else meanwhile. */
  readonly onRead: () => void
  /** The replica turned out not to be sound. */
  readonly onDamaged: () => void
  /** For how long nothing was heard of any primary, ms. */
  readonly silence: () => number
  /** Asks the primary for a lease; `asked` is this worker's monotonic clock. False when there is none to ask. */
  readonly ask: (asked: number) => boolean
}

/**
 * Reads of this tab's own replica, under a lease. No other tab is involved, except that a lease that
 * has ended is asked for once (R9, R10, R12).
 */
export class Reads {
  readonly #options: ReadsOptions
  readonly #lease: LeaseHolder
  readonly #vigil: Vigil
  #asking = false
  /** Reads that have begun to wait and not ended. */
  #patient = 0
  #waiting: (() => void)[] = []
  #retired: TuttiError | undefined

  constructor(options: ReadsOptions) {
    this.#options = options
    this.#lease = new LeaseHolder(options.clock)
    this.#vigil = new Vigil(options.clock, () => {
      this.progress()
      return this.#patient > 0
    })
  }

  /** Runs `call` on the replica, or says that only the primary can. */
  async read(call: StatementCall, limits: ReadLimits): Promise<ReplicaRead> {
    if (!(await this.mayRead())) return { kind: 'forward' }
    return this.readNow(call, limits)
  }

  /** As {@link read}, for whoever knows that it may. */
  readNow(call: StatementCall, { timeout, cancelled }: ReadLimits): ReplicaRead {
    const { clock, replica, onRead, onDamaged } = this.#options
    onRead()
    const read = replica.read(call, { deadline: clock.mono() + timeout, cancelled })
    if (read.kind === 'forward' && read.damaged === true) onDamaged()
    return read
  }

  /** Resolves to true as soon as the replica is at the present; to false when reads go to the primary. */
  async mayRead(): Promise<boolean> {
    const { clock, feed, stale, silence } = this.#options
    const askedAt = clock.mono()
    let timer: Timer | undefined
    this.#patient++
    try {
      for (;;) {
        if (this.#retired !== undefined) {
          if (stale === 'allow' && feed.mode === 'live') return true
          throw this.#retired
        }
        if (feed.mode !== 'live') return false
        const remaining = this.#lease.remaining()
        if (remaining < LEASE / 2) this.#ask()
        if (remaining > 0 && feed.readable) return true
        if (remaining > 0) mark('a read waits for a commit that is under way')
        else mark('a read asks for a lease that has ended')
        const awake = clock.mono() - Math.max(askedAt, this.#vigil.awakeSince())
        // A primary that is heard of is at work: it answers in its turn.
        const waited = Math.min(awake, silence())
        if (waited >= STALE_AFTER || awake >= READ_TIMEOUT) {
          mark('a read finds no primary')
          if (stale === 'allow') return true
          throw new StaleReadError(
            `No primary answered within ${STALE_AFTER} ms. Open with { stale: 'allow' } to read what this tab last knew.`,
          )
        }
        this.#vigil.begin()
        timer?.cancel()
        timer = clock.after(STALE_AFTER - waited, () => this.progress())
        await new Promise<void>((resolve) => this.#waiting.push(resolve))
      }
    } finally {
      timer?.cancel()
      this.#patient--
    }
  }

  granted({ asked, now, until }: Extract<ToMember, { type: 'lease' }>): void {
    this.#asking = false
    this.#lease.granted(asked, now, until)
    this.progress()
  }

  /** Nothing commits before `until` (R11): good for a replica that has that version. */
  current({ version, until }: Extract<EveryoneMessage, { type: 'current' }>): void {
    if (this.#options.feed.position?.version !== version) return
    this.#lease.extend(until)
    this.progress()
  }

  /** The epoch is another, or this tab was away: the lease is void, the question too. */
  reset(): void {
    this.#asking = false
    this.#lease.drop(true)
    this.progress()
  }

  /**
   * An epoch was joined. The primary's clock is learned by a first exchange: without it what the primary
   * says unasked during a long statement, when it cannot answer, would be of no use (R10, R11).
   */
  introduce(): void {
    this.#ask()
  }

  /** There will be no lease any more: from here on reads are what this tab last knew, or `error` (R12). */
  retire(error: TuttiError): void {
    this.#retired = error
    this.progress()
  }

  /** Something changed on which a waiting read may depend. */
  progress(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #ask(): void {
    if (this.#asking) return
    this.#asking = this.#options.ask(this.#options.clock.mono())
  }
}
