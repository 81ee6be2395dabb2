import { AbortedError, InternalError } from '../errors/errors.ts'
import type { Timer } from '../platform/platform.ts'
import type { ToMemberWorker } from '../protocol/page-messages.ts'
import { setAlarm } from './alarm.ts'
import { type Ask, defaultBound, outcomeIfLost, type Reply } from './ask.ts'
import type { CallOptions } from './call-options.ts'
import type { CancelToken, PageEnvironment } from './page-environment.ts'
import { PendingAsk } from './pending-ask.ts'

export interface AskOptions extends CallOptions {
  /** Sends what this resolves to, when it does; without it the ask is sent at once. */
  readonly turn?: Promise<Ask>
}

type Post = (message: ToMemberWorker, transfer?: readonly Transferable[]) => void

/** All asks of this page to one member that have no reply yet, by number. */
export class Asks {
  readonly #environment: PageEnvironment
  readonly #post: Post
  readonly #pending = new Map<number, PendingAsk>()
  #last = 0
  /** One for all: to set one for each and to cancel it costs as much as to read a row. */
  #alarm: Timer | undefined
  #rings = Infinity

  constructor(environment: PageEnvironment, post: Post) {
    this.#environment = environment
    this.#post = post
  }

  /** Sends at once, so that asks arrive in the order in which they were made. */
  send(handle: number, ask: Ask, options: AskOptions): Promise<Reply> {
    const { signal, turn, ...rest } = options
    const { id, timeout } = rest
    if (signal?.aborted === true) {
      const details = { outcome: 'not-applied', requestId: id, cause: signal.reason } as const
      return Promise.reject(new AbortedError('The signal was already aborted: nothing was sent.', details))
    }
    const n = ++this.#last
    const token = signal === undefined ? undefined : this.#environment.createCancelToken()
    const pending = new PendingAsk({
      clock: this.#environment.clock,
      handle,
      lost: outcomeIfLost(ask),
      bound: timeout ?? defaultBound(ask),
      id,
      signal,
      token,
      cancel: () => this.#post({ type: 'cancel', n }),
      ended: () => this.#pending.delete(n),
    })
    this.#pending.set(n, pending)
    this.#watch(pending)
    const post = (final: Ask): void => {
      if (!this.#pending.has(n)) return
      try {
        this.#post(toMessage(n, handle, final, rest, token), transferOf(final))
      } catch (cause) {
        const details = { outcome: 'not-applied', requestId: id, cause } as const
        pending.fail(new InternalError('The call could not be sent to the worker.', details))
      }
    }
    if (turn === undefined) post(ask)
    else turn.then(post, (error: unknown) => pending.fail(asError(error)))
    return pending.promise
  }

  settle(reply: Reply): void {
    this.#pending.get(reply.n)?.settle(reply)
  }

  /** Ends all asks, or those of one handle, and tells the member where it may still stop them. */
  fail(toError: (pending: PendingAsk) => Error, handle?: number): void {
    for (const pending of this.#of(handle)) {
      if (handle !== undefined) pending.cancel()
      pending.fail(toError(pending))
    }
    if (this.#pending.size === 0) this.#rest()
  }

  /** Resolves when all asks that are pending now have ended. */
  async drained(handle?: number): Promise<void> {
    await Promise.allSettled(this.#of(handle).map(({ promise }) => promise))
  }

  #rest(): void {
    this.#alarm?.cancel()
    this.#rings = Infinity
  }

  /** The alarm stays when what it was set for has ended. */
  #watch({ due }: PendingAsk): void {
    if (due >= this.#rings) return
    this.#rest()
    this.#rings = due
    const { clock } = this.#environment
    this.#alarm = setAlarm(clock, due - clock.mono(), () => this.#expire())
  }

  #expire(): void {
    this.#rest()
    const now = this.#environment.clock.mono()
    for (const pending of this.#of()) {
      if (pending.due <= now) pending.expire()
      else this.#watch(pending)
    }
  }

  #of(handle?: number): PendingAsk[] {
    return [...this.#pending.values()].filter((pending) => handle === undefined || pending.handle === handle)
  }
}

function toMessage(
  n: number,
  handle: number,
  ask: Ask,
  options: Omit<CallOptions, 'signal'>,
  token: CancelToken | undefined,
): ToMemberWorker {
  if (ask.type !== 'call') return { type: ask.type, n }
  return {
    type: 'call',
    n,
    handle,
    call: ask.call,
    ...options,
    ...(token && { cancelUrl: token.url }),
  }
}

/** A file's bytes move to the worker instead of being copied. */
function transferOf(ask: Ask): Transferable[] {
  return ask.type === 'call' && ask.call.op === 'import' ? [ask.call.bytes.buffer] : []
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
