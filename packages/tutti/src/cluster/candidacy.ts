import { mark } from '../platform/marks.ts'
import type { Clock, HeldLock, Locks, Random, Timer } from '../platform/platform.ts'

/** A granted candidate that shows no sign of life for so long may be robbed, ms (R6). */
export const CANDIDATE_SILENCE = 1000
/** Up to so much longer, as a part of that, lest all rob at once: short of what a read waits for a primary. */
const SPREAD = 0.5
/** A hidden member waits so many times longer before it robs: past the longest that a visible one does. */
const SHYNESS = 3
/** A timer that is so late was set by a tab that slept itself meanwhile, ms. */
const SLEPT = 500

export interface CandidacyOptions {
  readonly locks: Locks
  readonly clock: Clock
  readonly random: Random
  readonly lock: string
  /** This member is the candidate: start a primary, and release the lock when that has ended. */
  readonly onElected: (lock: HeldLock, stolen: boolean) => void
}

/**
 * A member's place in the queue for the candidate lock (R5, R6). There is always somebody in the
 * queue: who should not win goes to its end rather than away; only a suspended tab, which could not
 * act on a grant, withdraws.
 */
export class Candidacy {
  readonly #options: CandidacyOptions
  #queued: AbortController | undefined
  #elected = false
  #primaryKnown = false
  #shyness = 1
  #silence: Timer | undefined

  constructor(options: CandidacyOptions) {
    this.#options = options
  }

  get elected(): boolean {
    return this.#elected
  }

  /** Whether this member waits to be elected. */
  get queued(): boolean {
    return this.#queued !== undefined
  }

  /** Joins the end of the queue, if not in it. */
  enter(): void {
    if (this.#queued !== undefined || this.#elected) return
    this.#request(false)
    this.#watch()
  }

  /** Lets those that wait now go first: this tab is hidden, or of an older build. */
  goToTheEnd(): void {
    if (this.#queued === undefined) return
    this.#leaveQueue()
    this.enter()
  }

  /** Leaves the queue: the tab is about to be suspended, or is leaving. */
  withdraw(): void {
    this.#leaveQueue()
    this.#silence?.cancel()
  }

  /** A hidden member leaves it to a visible one to rob a silent candidate, where there is one. */
  seen(visible: boolean): void {
    const shyness = visible ? 1 : SHYNESS
    if (shyness === this.#shyness) return
    this.#shyness = shyness
    this.#watch()
  }

  /** A candidate or its starting primary gave a sign of life. */
  candidateSeen(): void {
    this.#watch()
  }

  primarySeen(): void {
    this.#primaryKnown = true
    this.#silence?.cancel()
  }

  primaryGone(): void {
    this.#primaryKnown = false
    this.#watch()
  }

  #request(steal: boolean): void {
    const queued = new AbortController()
    this.#queued = queued
    this.#options.locks.request(this.#options.lock, steal ? { steal } : { signal: queued.signal }).then(
      (held) => {
        if (queued.signal.aborted) return held.release()
        this.#queued = undefined
        this.#elected = true
        this.#silence?.cancel()
        const ended = () => {
          this.#elected = false
        }
        void held.lost.then(ended)
        this.#options.onElected(
          {
            lost: held.lost,
            release: () => {
              ended()
              held.release()
            },
          },
          steal,
        )
      },
      () => {
        if (this.#queued === queued) this.#queued = undefined
      },
    )
  }

  #leaveQueue(): void {
    this.#queued?.abort()
    this.#queued = undefined
  }

  #watch(): void {
    this.#silence?.cancel()
    if (this.#primaryKnown || this.#queued === undefined) return
    const { clock, random } = this.#options
    const patience = CANDIDATE_SILENCE * (1 + SPREAD * random.number()) * this.#shyness
    const due = clock.mono() + patience
    this.#silence = clock.after(patience, () => {
      // Who slept heard nobody, and does not know yet who serves: it listens anew before it judges.
      if (clock.mono() > due + SLEPT) {
        mark('a watcher slept, and listens anew')
        this.#watch()
      } else void this.#robTheSilent()
    })
  }

  async #robTheSilent(): Promise<void> {
    const { locks, lock } = this.#options
    const silence = this.#silence
    const held = await locks.held(lock)
    // Meanwhile somebody showed life, or this place in the queue is another.
    if (silence !== this.#silence || this.#primaryKnown || this.#queued === undefined) return
    if (held.includes(lock)) {
      mark('a silent candidate is robbed')
      this.#leaveQueue()
      this.#request(true)
    } else {
      this.#watch()
    }
  }
}
