import { mark } from '../platform/marks.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import { LEASE, LEASE_MARGIN, type LeaseBook } from './lease.ts'

export interface StabilityOptions {
  readonly clock: Clock
  readonly leases: LeaseBook
  /** On memory storage a commit is only as safe as the replicas that have it (R28). */
  readonly replicasAreTheStorage: boolean
  readonly onStable: (version: number) => void
}

/**
 * Which versions may be read and answered: those that are flushed, and that each follower has
 * acknowledged or can no longer contradict, because its lease has ended (R9). Nothing is stable in a
 * new epoch before {@link open} (R8).
 */
export class Stability {
  readonly #options: StabilityOptions
  /** Version that each follower has acknowledged. */
  readonly #acknowledged = new Map<string, number>()
  #flushed: number
  #flushedAt: number
  #stable: number
  #opened = false
  #timer: Timer | undefined
  #waiting: (() => void)[] = []

  /** `version` is where the epoch begins; it becomes stable when the epoch opens. */
  constructor(version: number, options: StabilityOptions) {
    this.#options = options
    this.#flushed = version
    this.#flushedAt = options.clock.mono()
    this.#stable = version - 1
  }

  get version(): number {
    return this.#stable
  }

  /** True when all that is flushed is stable. */
  get complete(): boolean {
    return this.#stable >= this.#flushed
  }

  get opened(): boolean {
    return this.#opened
  }

  /** No lease of an earlier epoch is left: answers may begin (R8). */
  open(): void {
    this.#opened = true
    this.evaluate()
  }

  /** Everything up to `version` is on disk. */
  flushed(version: number): void {
    this.#flushed = version
    this.#flushedAt = this.#options.clock.mono()
    this.evaluate()
  }

  /** From now on `member` receives every commit after `version`. */
  follow(member: string, version: number): void {
    this.#acknowledged.set(member, version)
  }

  /** `member` received `version` and holds its reads until that is stable. */
  acknowledge(member: string, version: number): void {
    const before = this.#acknowledged.get(member)
    if (before === undefined || before >= version) return
    this.#acknowledged.set(member, version)
    this.evaluate()
  }

  /** `member` is dead, or has no replica any more. */
  unfollow(member: string): void {
    if (this.#acknowledged.delete(member)) this.evaluate()
  }

  evaluate(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (!this.#opened || this.complete) return
    let reached = this.#flushed
    let wait = Infinity
    for (const [member, version] of this.#acknowledged) {
      if (version >= this.#flushed) continue
      const remaining = this.#remaining(member)
      if (remaining <= 0) continue
      reached = Math.min(reached, version)
      wait = Math.min(wait, remaining)
    }
    if (wait !== Infinity) {
      this.#timer = this.#options.clock.after(wait, () => {
        mark('a commit waits for the lease of one that is silent')
        this.evaluate()
      })
    }
    if (reached > this.#stable) {
      this.#stable = reached
      this.#options.onStable(reached)
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  /** Resolves when a further version is stable, or this is closed. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when all that is flushed is stable, at the latest after `ms`. */
  async settled(ms: number): Promise<void> {
    let late = false
    const timer = this.#options.clock.after(ms, () => {
      late = true
      for (const resolve of this.#waiting.splice(0)) resolve()
    })
    while (!late && this.#opened && !this.complete) await this.next()
    timer.cancel()
  }

  close(): void {
    this.#timer?.cancel()
    this.#opened = false
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** How long `member`, which lacks the last flushed version, must still be waited for, ms. */
  #remaining(member: string): number {
    const lease = this.#options.leases.remaining(member)
    if (!this.#options.replicasAreTheStorage) return lease
    const grace = this.#flushedAt + LEASE + LEASE_MARGIN - this.#options.clock.mono()
    const held = [...this.#acknowledged.values()].some((version) => version >= this.#flushed)
    return Math.max(lease, held ? grace : LEASE)
  }
}
