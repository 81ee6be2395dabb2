import { mark } from '../platform/marks.ts'
import type { Channel, Clock, HeldLock, Port, Random, Timer } from '../platform/platform.ts'
import type { ToMemberPost, ToPrimary } from '../protocol/messages.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  MemberOptions,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'

/** A primary that is silent for so long while it works hangs, and is terminated, ms (R23). */
const SILENCE = 10_000
/** One that waited, loaded, for its election answers at once, or is no more, ms. */
const ANSWER = 2000
/** Silence is counted in beats, each of which this member itself lived through, ms. */
const BEAT = 1000
/** How often a candidate shows that it lives, ms: well within what others take for a frozen one's silence (R6). */
const SIGN_EVERY = 300

/** Number of the worker that is asked for before there is a host. */
export const FIRST_WORKER = 1

/** Why the primary worker of this tab is no more. */
export type HostedEnd = Extract<FromPrimaryWorker, { type: 'ended' }>

export interface PrimaryHostOptions {
  readonly clock: Clock
  readonly random: Random
  readonly member: string
  readonly options: MemberOptions
  readonly expectedIncarnation: () => string | null
  /** The page was asked for a first worker already, before anybody was elected. */
  readonly prepared: boolean
  readonly toPage: (message: FromMemberWorker) => void
  readonly adoptPort: (port: MessagePort) => Port<ToPrimaryWorker, FromPrimaryWorker>
  /** A sign that this candidate lives, while its primary does not yet serve (R6). */
  readonly onStarting: () => void
  readonly onUnreadable: () => void
  readonly hear: (post: ToMemberPost) => void
  readonly onEnded: (end: HostedEnd) => void
}

/**
 * The primary worker that this tab owns while it is the elected candidate. The page starts and
 * terminates it, so that it can let go at once before the tab freezes (R7).
 */
export class PrimaryHost {
  readonly #options: PrimaryHostOptions
  /** Of the worker that was asked for last. */
  #n = 0
  /** That worker loads, or waits, for the lock. */
  #prepared: boolean
  /** It has loaded. */
  #loaded = false
  #lock: HeldLock | undefined
  #port: Port<ToPrimaryWorker, FromPrimaryWorker> | undefined
  #silence: Timer | undefined
  #starting: Timer | undefined
  /** Id of the primary in this tab's worker. */
  #primary: string | undefined

  constructor(options: PrimaryHostOptions) {
    this.#options = options
    this.#prepared = options.prepared
    if (this.#prepared) this.#n = FIRST_WORKER
  }

  get hosting(): boolean {
    return this.#lock !== undefined
  }

  /** This member may be elected before long: asks the page for a primary worker, which waits for that. */
  prepare(): void {
    if (this.#prepared || this.hosting) return
    this.#prepared = true
    this.#options.toPage({ type: 'start-primary', n: ++this.#n })
  }

  /** This member holds the candidate lock. */
  start(lock: HeldLock): void {
    this.prepare()
    this.#prepared = false
    this.#lock = lock
    this.#showLife()
    const n = this.#n
    if (this.#port !== undefined) this.#begin(this.#port)
    // Robbed: another member took us for dead, and may already have a primary (R6).
    void lock.lost.then(() => {
      if (this.#n === n) this.terminate()
    })
  }

  /** The page started the worker. */
  started(n: number, port: MessagePort): void {
    const adopted = this.#options.adoptPort(port)
    if (n !== this.#n || (this.#lock === undefined && !this.#prepared)) return adopted.close()
    this.#port = adopted
    this.#port.onMessage((message) => {
      if (n === this.#n) this.#hear(message)
    })
    if (this.#lock !== undefined) this.#begin(adopted)
  }

  /** Another tab serves, or is to: a worker that waits for its turn may never have it. */
  dismiss(): void {
    if (!this.#prepared) return
    this.#options.toPage({ type: 'terminate-primary', n: this.#n })
    this.#forget()
  }

  /** From here on the worker waits for the primary lock. */
  #begin(port: Port<ToPrimaryWorker, FromPrimaryWorker>): void {
    const { random, options, member, expectedIncarnation } = this.#options
    this.#expectSign(this.#loaded ? ANSWER : SILENCE)
    this.#primary = random.id()
    port.post({
      type: 'start',
      options,
      member,
      primary: this.#primary,
      expectedIncarnation: expectedIncarnation(),
    })
  }

  /**
   * The way to `primary` where that is this tab's worker: their own port, which is several times as quick as a
   * broadcast. It answers on the same.
   */
  lineTo(primary: string): Channel<ToPrimary> | undefined {
    const port = this.#port
    if (port === undefined || primary !== this.#primary) return undefined
    return { post: (message) => port.post({ type: 'to-primary', message }), close: () => undefined }
  }

  /** The life lock of `primary` fell: where that is this tab's worker, it died alone. */
  died(primary: string): void {
    if (primary === this.#primary) this.terminate()
  }

  /** The page says that worker `n` is no more. */
  endedByPage(n: number): void {
    if (n !== this.#n) return
    if (this.#prepared) this.#forget()
    else this.#ended({ type: 'ended', retry: true })
  }

  /**
   * Gives up on purpose: the primary finishes what it has, and ends. False where there is none; a worker that
   * only waits is none.
   */
  handOver(): boolean {
    if (!this.hosting) return false
    if (this.#port === undefined) this.terminate()
    else this.#port.post({ type: 'hand-over' })
    return true
  }

  terminate(): void {
    this.dismiss()
    if (this.#lock === undefined) return
    mark('a primary is terminated by its own tab')
    this.#options.toPage({ type: 'terminate-primary', n: this.#n })
    this.#ended({ type: 'ended', retry: true })
  }

  #hear(message: FromPrimaryWorker): void {
    switch (message.type) {
      case 'to-member':
        return this.#options.hear(message.post)
      case 'loaded':
        this.#loaded = true
        return
      case 'working':
        return this.#expectSign()
      case 'idle':
        return this.#silence?.cancel()
      case 'serving':
        return this.#starting?.cancel()
      case 'unreadable':
        return this.#options.onUnreadable()
      case 'ended':
        this.#options.toPage({ type: 'terminate-primary', n: this.#n })
        return this.#ended(message)
      default:
        return message satisfies never
    }
  }

  #showLife(): void {
    this.#options.onStarting()
    this.#starting = this.#options.clock.after(SIGN_EVERY, () => this.#showLife())
  }

  /** A tab that was stopped finds its timers due when it goes on, before its primary could say a word: one beat late. */
  #expectSign(left = SILENCE): void {
    this.#silence?.cancel()
    this.#silence = this.#options.clock.after(BEAT, () => {
      if (left > BEAT) this.#expectSign(left - BEAT)
      else this.terminate()
    })
  }

  #ended(end: HostedEnd): void {
    if (this.#lock === undefined) return
    this.#forget()
    this.#silence?.cancel()
    this.#starting?.cancel()
    this.#lock.release()
    this.#lock = undefined
    this.#options.onEnded(end)
  }

  #forget(): void {
    this.#n++
    this.#prepared = false
    this.#loaded = false
    this.#port?.close()
    this.#port = undefined
    this.#primary = undefined
  }
}
