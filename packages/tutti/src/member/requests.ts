import {
  AbortedError,
  CallTimeoutError,
  InternalError,
  PrimaryUnavailableError,
  StaleReadError,
  type TuttiError,
} from '../errors/errors.ts'
import { deserializeError } from '../errors/wire.ts'
import { mark } from '../platform/marks.ts'
import type { Clock } from '../platform/platform.ts'
import type { Call } from '../protocol/call.ts'
import type { AnswerHead, ToMember, ToPrimary } from '../protocol/messages.ts'
import { packCall, unpackResults } from '../protocol/packed.ts'
import { type RequestKey, requestIdOf } from '../protocol/request-key.ts'
import type { StatementResult } from '../protocol/values.ts'
import { Vigil } from './vigil.ts'

/** How long one statement may run unless the call says otherwise, ms (R23). */
export const READ_TIMEOUT = 30_000
export const WRITE_TIMEOUT = 60_000
/** How long a write waits without a sign of life of any primary, ms (promise 4). */
export const UNAVAILABLE = 10_000
/** How long a read looks for a primary, ms (R12). */
export const STALE_AFTER = 2000
/**
 * What a primary gets on top of a call's bound, ms: its clock for a running statement starts later than the
 * call, and only it can say that the statement was interrupted and nothing was applied.
 */
const ANSWER_GRACE = 1000
/** A primary of which nothing was heard for so long is asked for a sign of life, ms. */
const QUIET = 500

export interface Answer {
  readonly results: readonly StatementResult[]
  readonly version: number
}

export interface Ask {
  readonly call: Call
  /** The app's own key; otherwise the request's number is its key. */
  readonly key?: RequestKey | undefined
  /** Bound of the whole call, ms. */
  readonly timeout?: number | undefined
  readonly cancelUrl?: string | undefined
  readonly cause?: string | undefined
  /** Known to be a read: nothing can be in doubt, and `stale` bounds its wait. */
  readonly read: boolean
}

/** A commit of this tab, as the answer to its request tells of it. */
export interface Committed {
  readonly version: number
  readonly cause: string | undefined
}

interface Pending extends Ask {
  readonly seq: number
  readonly key: RequestKey
  readonly askedAt: number
  /** Monotonic and wall clock, ms. */
  readonly deadline: number
  readonly expires: number
  sent: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

export interface RequestsOptions {
  readonly clock: Clock
  readonly member: string
  readonly durability: 'full' | 'relaxed'
  readonly link: {
    readonly joined: boolean
    readonly packs: boolean
    readonly silence: number
    readonly announcement: { readonly epoch: number } | null
    post(message: ToPrimary): void
  }
  /** Why this tab's own attempt to start a primary failed, if it did. */
  readonly startFailure: () => Error | undefined
  /** Asks the primary for a sign of life. */
  readonly ping: () => void
  /** A request has ended, and its caller is about to learn of it. */
  readonly onEnd: (seq: number, committed: Committed | undefined) => void
}

/** Calls of which each may make a commit by itself. */
const COMMITTING: ReadonlySet<Call['op']> = new Set([
  'statement',
  'script',
  'batch',
  'commit',
  'import',
  'import-file',
])

/**
 * What this tab has asked of the primary and not been told. Each request keeps its id for its life: it
 * is sent again to every new primary, and the ledger sees to it that it happens once.
 */
export class Requests {
  readonly #options: RequestsOptions
  readonly #pending = new Map<number, Pending>()
  /** Failed with `outcome: 'unknown'`: their ledger rows stay, so that they can be asked again. */
  readonly #unknown = new Set<number>()
  #next = 1
  readonly #vigil: Vigil

  constructor(options: RequestsOptions) {
    this.#options = options
    this.#vigil = new Vigil(options.clock, () => this.#look())
  }

  get size(): number {
    return this.#pending.size
  }

  /** Numbers of those that may have committed. */
  get doubtful(): number[] {
    return Array.from(this.#pending.values()).flatMap(({ sent, read, call, seq }) =>
      sent && !read && COMMITTING.has(call.op) ? [seq] : [],
    )
  }

  /** Asks the primary, at once or as soon as there is one. `onSeq` learns the number, for {@link cancel}. */
  ask(ask: Ask, onSeq?: (seq: number) => void): Promise<Answer> {
    const { clock, member } = this.#options
    const seq = this.#next++
    const bound = ask.timeout ?? (ask.read ? READ_TIMEOUT : WRITE_TIMEOUT) * 2
    onSeq?.(seq)
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        ...ask,
        seq,
        key: ask.key ?? { owner: member, seq },
        askedAt: clock.mono(),
        deadline: clock.mono() + bound,
        expires: clock.wall() + bound,
        sent: false,
        resolve,
        reject,
      }
      this.#pending.set(seq, pending)
      this.#send(pending)
      this.#vigil.begin()
    })
  }

  /** A new epoch was joined, or the same after an absence: everything unanswered is asked again. */
  resend(): void {
    for (const pending of this.#pending.values()) this.#send(pending)
  }

  answered({ seq, results: wire, version, error }: Extract<ToMember, { type: 'answer' }>): void {
    const pending = this.#pending.get(seq)
    if (pending === undefined) return
    this.#pending.delete(seq)
    const results = unpackResults(wire)
    this.#options.onEnd(seq, error === undefined ? committedBy(pending, results, version) : undefined)
    if (error === undefined) return pending.resolve({ results, version })
    if (error.outcome === 'unknown') this.#unknown.add(seq)
    pending.reject(deserializeError(error))
  }

  /** An answer came that could not be read: nobody can say what was in it. */
  unreadable({ epoch, seq }: AnswerHead): void {
    const pending = this.#pending.get(seq)
    if (pending === undefined || epoch !== this.#options.link.announcement?.epoch) return
    this.#fail(
      pending,
      (details) =>
        new InternalError('The answer of the primary could not be read: reload all tabs.', details),
    )
  }

  /** The call's signal was aborted. */
  cancel(seq: number): void {
    const pending = this.#pending.get(seq)
    if (pending === undefined) return
    if (pending.sent) this.#options.link.post({ type: 'cancel', member: this.#options.member, seq })
    else
      this.#fail(pending, (details) => new AbortedError('The call was aborted before it was sent.', details))
  }

  /** Ends everything that waits, or what was not sent yet: `make` gets the outcome of each. */
  failAll(
    make: (
      details: { outcome?: 'not-applied' | 'unknown'; requestId?: string },
      call: Call,
    ) => TuttiError | null,
    which: 'all' | 'unsent' = 'all',
  ): void {
    for (const pending of [...this.#pending.values()]) {
      if (which === 'unsent' && pending.sent) continue
      const error = make(this.#details(pending), pending.call)
      if (error !== null) this.#fail(pending, () => error)
      else {
        this.#pending.delete(pending.seq)
        this.#options.onEnd(pending.seq, undefined)
        pending.resolve({ results: [], version: 0 })
      }
    }
  }

  close(): void {
    this.#vigil.close()
  }

  #send(pending: Pending): void {
    const { link, member, durability, clock } = this.#options
    const epoch = link.announcement?.epoch
    if (!link.joined || epoch === undefined) return
    if (pending.sent) mark('a request is sent again')
    pending.sent = true
    const { seq, key, call, expires, cancelUrl, cause } = pending
    link.post({
      type: 'request',
      member,
      epoch,
      seq,
      key,
      answered: this.#answeredUpTo(),
      expires,
      timeout: Math.min(
        pending.timeout ?? Infinity,
        pending.deadline - clock.mono(),
        pending.read ? READ_TIMEOUT : WRITE_TIMEOUT,
      ),
      durability,
      ...(cancelUrl === undefined ? {} : { cancelUrl }),
      ...(cause === undefined ? {} : { cause }),
      call: link.packs ? packCall(call) : call,
    })
  }

  #answeredUpTo(): number {
    let first = this.#next
    for (const seq of this.#pending.keys()) first = Math.min(first, seq)
    for (const seq of this.#unknown) first = Math.min(first, seq)
    return first - 1
  }

  /** Fails what has waited too long; false where nothing waits any more. */
  #look(): boolean {
    const { clock, link, ping, startFailure } = this.#options
    const now = clock.mono()
    const awakeSince = this.#vigil.awakeSince()
    const cause = startFailure()
    const reason = cause === undefined ? '' : ` In this tab the start failed: ${cause.message}`
    for (const pending of [...this.#pending.values()]) {
      const waited = Math.min(now - Math.max(pending.askedAt, awakeSince), link.silence)
      const grace = pending.sent && link.joined ? ANSWER_GRACE : 0
      if (now >= pending.deadline + grace) {
        this.#fail(
          pending,
          (details) => new CallTimeoutError('The bound of the call passed before it was answered.', details),
        )
      } else if (pending.read && waited >= STALE_AFTER) {
        this.#fail(
          pending,
          (details) =>
            new StaleReadError(
              `No primary answered within ${STALE_AFTER} ms, and this tab has no replica to read.`,
              details,
            ),
        )
      } else if (waited >= UNAVAILABLE) {
        this.#fail(
          pending,
          (details) =>
            new PrimaryUnavailableError(
              `No tab could act as primary within ${UNAVAILABLE} ms. Close other tabs of this app that may be suspended, and ask again.${reason}`,
              { ...details, cause },
            ),
        )
      }
    }
    if (this.#pending.size === 0) return false
    if (link.silence >= QUIET) ping()
    return true
  }

  #details(pending: Pending): { outcome?: 'not-applied' | 'unknown'; requestId?: string } {
    if (pending.read) return {}
    const { op } = pending.call
    // Without its commit a transaction cannot have happened.
    const harmless = !pending.sent || op === 'begin' || op === 'in-transaction' || op === 'rollback'
    return { outcome: harmless ? 'not-applied' : 'unknown', requestId: requestIdOf(pending.key) }
  }

  #fail(
    pending: Pending,
    make: (details: { outcome?: 'not-applied' | 'unknown'; requestId?: string }) => TuttiError,
  ): void {
    this.#pending.delete(pending.seq)
    this.#options.onEnd(pending.seq, undefined)
    const error = make(this.#details(pending))
    if (error.outcome === 'unknown') this.#unknown.add(pending.seq)
    if (pending.sent)
      this.#options.link.post({ type: 'cancel', member: this.#options.member, seq: pending.seq })
    pending.reject(error)
  }
}

/** Without a replica a call may turn out to be a read: it has rows, and changed none. */
function committedBy(
  { call, cause }: Ask,
  results: readonly StatementResult[],
  version: number,
): Committed | undefined {
  if (!COMMITTING.has(call.op)) return undefined
  const onlyRead = results.length > 0 && results.every((one) => one.columns.length > 0 && one.changes === 0)
  return onlyRead ? undefined : { version, cause }
}
