import { mark } from '../platform/marks.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import { LEASE, LEASE_MARGIN } from './lease.ts'

/**
 * A new primary's wait before its first answer: until every member that was alive at its start has
 * joined the epoch, which ends the leases that the primary before it lent, or a full lease has passed (R8).
 */
export class EpochBarrier {
  readonly #missing: Set<string>
  readonly #timer: Timer
  #onOpen: (() => void) | undefined

  constructor(members: Iterable<string>, clock: Clock, onOpen: () => void) {
    this.#missing = new Set(members)
    this.#onOpen = onOpen
    this.#timer = clock.after(LEASE + LEASE_MARGIN, () => {
      mark('the answer waits for the end of a full lease in the new epoch')
      this.#open()
    })
  }

  /** Call once after construction: a lone primary opens at once. */
  start(): void {
    if (this.#missing.size === 0) this.#open()
  }

  /** `member` joined, or is dead. */
  arrived(member: string): void {
    if (this.#missing.delete(member) && this.#missing.size === 0) this.#open()
  }

  close(): void {
    this.#timer.cancel()
    this.#onOpen = undefined
  }

  #open(): void {
    const onOpen = this.#onOpen
    this.close()
    onOpen?.()
  }
}
