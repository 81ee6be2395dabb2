import type { Channel, Clock, Timer } from '../platform/platform.ts'
import type { MemberInfo, ToMember, ToMemberPost } from '../protocol/messages.ts'

/** How often a member that reads nothing is told what others write, ms: about once a frame. */
const FRAME = 16

/** What the primary keeps of one member that has joined the epoch. */
export class Session {
  readonly member: string
  info: MemberInfo
  /** Receives page deltas; otherwise it has no replica, or fetches what it lacks by itself. */
  following = false
  /** What it fetches part by part: the delta behind a version, from an entry of its own on. */
  fetching: { readonly after: number; readonly from: number } | undefined
  /** How often its member went or gave its replica up: what that had asked for before is not wanted any more. */
  timesUnfollowed = 0
  /** Deltas sent and not acknowledged, oldest first (R24). */
  readonly unacknowledged: { readonly version: number; readonly bytes: number }[] = []
  /** Requests received and not answered: a repetition of one is ignored. */
  readonly inFlight = new Set<number>()
  /**
   * Refusals by request. One that was refused never runs in this epoch, though a repetition may still be on
   * its way: it is answered alike. What succeeded has its entry in the ledger.
   */
  readonly #refused = new Map<number, ToMember>()
  /** Stops the watch on the member's life. */
  unwatch: () => void = () => undefined
  readonly #channel: Channel<ToMemberPost>
  readonly #clock: Clock
  readonly #deferred: ToMember[] = []
  /** When something that was deferred was last sent. */
  #told = Number.NEGATIVE_INFINITY
  #soon: Timer | undefined
  #closed = false

  constructor(info: MemberInfo, channel: Channel<ToMemberPost>, clock: Clock) {
    this.member = info.member
    this.info = info
    this.#channel = channel
    this.#clock = clock
  }

  /**
   * Sends a message, or several, and before them what was deferred: in one post where the member takes that. To one
   * that is gone, nothing.
   */
  post(post: ToMemberPost): void {
    if (this.#closed) return
    if (this.#deferred.length > 0) this.#told = this.#clock.mono()
    this.#soon?.cancel()
    this.#soon = undefined
    const messages = [...this.#deferred.splice(0), ...asList(post)]
    if (messages.length > 1 && this.info.bundles === true) this.#channel.post(messages)
    else for (const message of messages) this.#channel.post(message)
  }

  /** Sends with whatever is sent next. */
  defer(messages: readonly ToMember[]): void {
    for (const message of messages) this.#deferred.push(message)
  }

  /** Sends what was deferred, and `message` behind it, but not sooner than a frame after it last did. */
  postSoon(message: ToMember): void {
    const wait = this.#told + FRAME - this.#clock.mono()
    if (this.#deferred.length === 0 || wait <= 0) return this.post(message)
    this.#deferred.push(message)
    this.#soon ??= this.#clock.after(wait, () => this.post([]))
  }

  /** A request ends with `answer`. A refusal is remembered until its member says that it was heard. */
  end(answer: Extract<ToMember, { type: 'answer' }>): void {
    this.inFlight.delete(answer.seq)
    if (answer.error !== undefined) this.#refused.set(answer.seq, answer)
  }

  /** Whether request `seq` was refused before; its member is told once more. All up to `answered` were heard. */
  refusedBefore(seq: number, answered: number): boolean {
    for (const heard of this.#refused.keys()) if (heard <= answered) this.#refused.delete(heard)
    const answer = this.#refused.get(seq)
    if (answer !== undefined) this.post(answer)
    return answer !== undefined
  }

  close(): void {
    this.#closed = true
    this.#deferred.length = 0
    this.#soon?.cancel()
    this.unwatch()
    this.#channel.close()
  }
}

function asList(post: ToMemberPost): readonly ToMember[] {
  return 'type' in post ? [post] : post
}
