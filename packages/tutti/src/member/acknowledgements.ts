import { LEASE, LEASE_MARGIN } from '../cluster/lease.ts'
import type { Clock, Timer } from '../platform/platform.ts'

/** How late an acknowledgement may be for which nobody waits, ms. */
const IDLE_AFTER = 100
/** What may be owed until then, bytes: a part of what the primary has under way to one member (R24). */
const OWED = 1024 * 1024

/** That a version was received, and with it those before. */
export interface Acknowledgement {
  readonly epoch: number
  readonly version: number
  /** With its pages. */
  readonly complete: boolean
}

export interface AcknowledgementsOptions {
  readonly clock: Clock
  /** On memory storage each is waited for: a commit is only as safe as the replicas that have it (R28). */
  readonly replicasAreTheStorage: () => boolean
  readonly post: (acknowledgement: Acknowledgement) => void
}

/**
 * Acknowledges commits, as few times as it may. Of a member with a lease the primary waits for it (R9), so what
 * came in one post is acknowledged at once, by one message. For one without, nobody does: a tab that nobody reads
 * in costs the others next to nothing.
 */
export class Acknowledgements {
  readonly #options: AcknowledgementsOptions
  #owed: Acknowledgement | undefined
  #bytes = 0
  #promptUntil = Number.NEGATIVE_INFINITY
  #timer: Timer | undefined

  constructor(options: AcknowledgementsOptions) {
    this.#options = options
  }

  /** @param bytes what `acknowledgement` adds to what is under way */
  owe(acknowledgement: Acknowledgement, bytes: number): void {
    if (!acknowledgement.complete) this.#post()
    this.#owed = acknowledgement
    this.#bytes += bytes
    // The primary has to hear of it before the question for the pages.
    if (!acknowledgement.complete) this.#post()
  }

  /** All of a post was heard. */
  settle(): void {
    if (this.#owed === undefined) return
    const { clock, replicasAreTheStorage } = this.#options
    const waitedFor = replicasAreTheStorage() || clock.mono() < this.#promptUntil
    if (waitedFor || this.#bytes >= OWED) this.#post()
    else this.#timer ??= clock.after(IDLE_AFTER, () => this.#post())
  }

  /** This member asks for a lease, or hears of one: from here on the primary may count on it, until that has ended. */
  hurry(): void {
    this.#promptUntil = this.#options.clock.mono() + LEASE + LEASE_MARGIN
    this.#post()
  }

  /** What was received is dropped, or its epoch is over. */
  forget(): void {
    this.#owed = undefined
    this.#bytes = 0
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #post(): void {
    const owed = this.#owed
    this.forget()
    if (owed !== undefined) this.#options.post(owed)
  }
}
