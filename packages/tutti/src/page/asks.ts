import { AbortedError, InternalError } from '../errors/errors.ts'
import type { ToMemberWorker } from '../protocol/page-messages.ts'
import { type Ask, defaultBound, outcomeIfLost, type Reply } from './ask.ts'
import type { CallOptions } from './call-options.ts'
import type { PageEnvironment } from './page-environment.ts'
import { PendingAsk } from './pending-ask.ts'

export interface AskOptions extends CallOptions {
  /** Sends what this resolves to, when it does; without it the ask is sent at once. */
  readonly turn?: Promise<Ask>
}

type Post = (message: ToMemberWorker, transfer: readonly Transferable[]) => void

/** All asks of this page to one member that have no reply yet, by number. */
export class Asks {
  readonly #environment: PageEnvironment
  readonly #post: Post
  readonly #pending = new Map<number, PendingAsk>()
  #last = 0

  constructor(environment: PageEnvironment, post: Post) {
    this.#environment = environment
    this.#post = post
  }

  /** Sends at once, so that asks arrive in the order in which they were made. */
  send(handle: number, ask: Ask, options: AskOptions): Promise<Reply> {
    const { signal, id, timeout, turn } = options
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
      cancel: () => this.#post({ type: 'cancel', n }, []),
      ended: () => this.#pending.delete(n),
    })
    this.#pending.set(n, pending)
    const post = (final: Ask): void => {
      if (!this.#pending.has(n)) return
      try {
        this.#post(toMessage(n, handle, final, options, token?.url), transferOf(final))
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
  }

  /** Resolves when all asks that are pending now have ended. */
  async drained(handle?: number): Promise<void> {
    await Promise.allSettled(this.#of(handle).map(({ promise }) => promise))
  }

  #of(handle: number | undefined): PendingAsk[] {
    return [...this.#pending.values()].filter((pending) => handle === undefined || pending.handle === handle)
  }
}

function toMessage(
  n: number,
  handle: number,
  ask: Ask,
  { id, timeout, cause }: AskOptions,
  cancelUrl: string | undefined,
): ToMemberWorker {
  if (ask.type !== 'call') return { type: ask.type, n }
  return {
    type: 'call',
    n,
    handle,
    call: ask.call,
    ...(id === undefined ? {} : { id }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(cause === undefined ? {} : { cause }),
    ...(cancelUrl === undefined ? {} : { cancelUrl }),
  }
}

/** A file's bytes move to the worker instead of being copied. */
function transferOf(ask: Ask): Transferable[] {
  return ask.type === 'call' && ask.call.op === 'import' ? [ask.call.bytes.buffer] : []
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
