import { AbortedError, InternalError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import { createCancelCheck } from '../platform/cancellation.ts'
import type { Clock, Port } from '../platform/platform.ts'
import type { Call, StatementCall } from '../protocol/call.ts'
import type { FromMemberWorker, MemberStatus, ToMemberWorker } from '../protocol/page-messages.ts'
import { parseRequestId } from '../protocol/request-key.ts'
import type { Feed } from './feed.ts'
import { HandleQueue } from './handle-queue.ts'
import type { Reads } from './reads.ts'
import type { Replica } from './replica.ts'
import { type Answer, type Ask, READ_TIMEOUT, type Requests } from './requests.ts'

type CallMessage = Extract<ToMemberWorker, { type: 'call' }>

interface Running {
  /** The request's number, once it was sent to the primary. */
  seq?: number
  /** Ends a call that was not sent. */
  readonly end: (error: unknown) => void
  readonly read: boolean
}

export interface CallsOptions {
  readonly clock: Clock
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  readonly requests: Requests
  readonly reads: Reads
  readonly feed: Feed
  readonly replica: Replica
  readonly isRevoked: (url: string) => boolean
  readonly status: () => Promise<MemberStatus>
}

/** The page's calls: each read here where the replica can, sent to the primary where it cannot. */
export class Calls {
  readonly #options: CallsOptions
  readonly #handles = new Map<number, HandleQueue>()
  readonly #running = new Map<number, Running>()
  #ended: Error | undefined
  #retired: Error | undefined

  constructor(options: CallsOptions) {
    this.#options = options
  }

  call(message: CallMessage): void {
    if (this.#ended !== undefined) return this.#answer(message.n, Promise.reject(this.#ended))
    let end: (error: unknown) => void = () => undefined
    const ended = new Promise<never>((_, reject) => {
      end = reject
    })
    const running: Running = { end, read: this.#isRead(message.call) }
    this.#running.set(message.n, running)
    this.#answer(message.n, Promise.race([this.#route(message, running), ended]))
  }

  cancel(n: number): void {
    const running = this.#running.get(n)
    if (running?.seq !== undefined) return this.#options.requests.cancel(running.seq)
    running?.end(abortedUnsent(running.read))
  }

  tellStatus(n: number): void {
    const { page, status } = this.#options
    status().then(
      (known) => page.post({ type: 'status', n, status: known }),
      (error: unknown) => page.post({ type: 'status', n, error: serializeError(error) }),
    )
  }

  /** A copy of the whole database from this tab's replica: no writer waits for it. */
  async export(n: number): Promise<void> {
    const { page, feed, reads, replica } = this.#options
    try {
      if (this.#ended !== undefined) throw this.#ended
      feed.pin()
      try {
        await feed.whenLive()
        if (!(await reads.mayRead()))
          throw new InternalError('The replica was lost during the export: try again.')
        const bytes = replica.snapshot()
        page.post({ type: 'exported', n, bytes }, [bytes.buffer])
      } finally {
        feed.unpin()
      }
    } catch (error) {
      page.post({ type: 'exported', n, error: serializeError(error) })
    }
  }

  /** Nothing more is possible: `error` ends what waits and whatever comes. */
  end(error: Error): void {
    this.#ended = error
    for (const running of this.#running.values()) if (running.seq === undefined) running.end(error)
  }

  /** No primary can be asked any more: what this tab's replica cannot answer is `error`. */
  retire(error: Error): void {
    this.#retired = error
  }

  #route(message: CallMessage, running: Running): Promise<Answer> {
    const { call } = message
    switch (call.op) {
      case 'statement':
      case 'script':
      case 'batch':
        return this.#handle(message.handle).submit({
          isRead: () => this.#options.feed.mode === 'live' && this.#options.replica.isRead(call),
          mayBeRead: looksLike(call) !== 'write',
          read: () => this.#read(call, message),
          forward: () => this.#forward(message, running),
        })
      case 'begin':
        return this.#begin(message, call.tx, running)
      case 'import':
      case 'destroy':
      case 'flush':
      case 'check':
        return this.#write(message, running)
      case 'in-transaction':
        return this.#forward(message, running)
      case 'commit':
      case 'rollback':
        return this.#forward(message, running).finally(() =>
          this.#handle(message.handle).transactionEnded(call.tx),
        )
      default:
        return call satisfies never
    }
  }

  #write(message: CallMessage, running: Running): Promise<Answer> {
    return this.#handle(message.handle).submit({
      isRead: () => false,
      mayBeRead: false,
      read: () => Promise.resolve(undefined),
      forward: () => this.#forward(message, running),
    })
  }

  async #begin(message: CallMessage, tx: string, running: Running): Promise<Answer> {
    const queue = this.#handle(message.handle)
    const begun = this.#write(message, running)
    queue.transactionAsked(tx)
    try {
      const answer = await begun
      queue.transactionBegun(tx)
      return answer
    } catch (error) {
      queue.transactionEnded(tx)
      throw error
    }
  }

  async #read(
    call: StatementCall,
    { cancelUrl, timeout = READ_TIMEOUT }: CallMessage,
  ): Promise<Answer | undefined> {
    const { clock, reads, feed, isRevoked } = this.#options
    const read = await reads.read(call, {
      timeout,
      cancelled: createCancelCheck(clock, isRevoked, cancelUrl),
    })
    return read.kind === 'forward'
      ? undefined
      : { results: read.results, version: feed.position?.version ?? 0 }
  }

  #forward({ call, id, timeout, cancelUrl, cause, n }: CallMessage, running: Running): Promise<Answer> {
    const over = this.#ended ?? this.#retired
    if (over !== undefined) return Promise.reject(over)
    // A call that was aborted while it waited for its turn is not sent at all.
    if (!this.#running.has(n)) return Promise.reject(abortedUnsent(running.read))
    const { requests } = this.#options
    const read = this.#isRead(call)
    const key = id === undefined ? undefined : parseRequestId(id)
    const ask: Ask = { call, key, timeout, cancelUrl, cause, read }
    return requests.ask(ask, (seq) => {
      running.seq = seq
    })
  }

  #isRead(call: Call): boolean {
    return isStatements(call) && (looksLike(call) === 'read' || this.#options.replica.isRead(call))
  }

  #handle(handle: number): HandleQueue {
    let queue = this.#handles.get(handle)
    if (queue === undefined) {
      queue = new HandleQueue()
      this.#handles.set(handle, queue)
    }
    return queue
  }

  #answer(n: number, answer: Promise<Answer>): void {
    const { page } = this.#options
    answer
      .then(
        ({ results, version }) => page.post({ type: 'answer', n, results, version }),
        (error: unknown) =>
          page.post({ type: 'answer', n, results: [], version: 0, error: serializeError(error) }),
      )
      .finally(() => this.#running.delete(n))
  }
}

function abortedUnsent(read: boolean): AbortedError {
  return new AbortedError('The call was aborted before it ran.', read ? {} : { outcome: 'not-applied' })
}

function isStatements(call: Call): call is StatementCall {
  return call.op === 'statement' || call.op === 'script' || call.op === 'batch'
}

/**
 * By its first words: without a replica nobody here can ask SQLite. A comment or WITH may hide either, and a
 * PRAGMA may be either.
 */
function looksLike(call: StatementCall): 'read' | 'write' | 'either' {
  if (call.op === 'statement' && call.readonly === true) return 'read'
  const statements = call.op === 'batch' ? call.statements : [call]
  if (statements.some(({ sql }) => WRITES.test(sql))) return 'write'
  const several = call.op === 'script' && call.sql.includes(';')
  return !several && statements.every(({ sql }) => READS.test(sql)) ? 'read' : 'either'
}

const WRITES = /^\s*(insert|update|delete|replace|create|drop|alter)\b/i
const READS = /^\s*(select|values|explain)\b/i
