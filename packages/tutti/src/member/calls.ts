import { AbortedError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import { createCancelCheck } from '../platform/cancellation.ts'
import type { Clock, Port } from '../platform/platform.ts'
import type { Call, StatementCall } from '../protocol/call.ts'
import { looksLike } from '../protocol/looks-like.ts'
import type { CursorCall, FromMemberWorker, MemberStatus, ToMemberWorker } from '../protocol/page-messages.ts'
import { parseRequestId } from '../protocol/request-key.ts'
import type { Limits } from '../sqlite/deadline.ts'
import { Cursors, cursorOver, type Piece } from './cursors.ts'
import type { Feed } from './feed.ts'
import { HandleQueue } from './handle-queue.ts'
import type { Reads } from './reads.ts'
import type { Replica } from './replica.ts'
import { type Answer, type Ask, READ_TIMEOUT, type Requests } from './requests.ts'

type CallMessage<C = Call | CursorCall> = Extract<ToMemberWorker, { type: 'call' }> & { readonly call: C }

/** An answer, of which `done` is a piece's. */
type Told = Answer & { readonly done?: boolean }

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
  readonly #cursors: Cursors
  #ended: Error | undefined
  #retired: Error | undefined

  constructor(options: CallsOptions) {
    this.#options = options
    this.#cursors = new Cursors(options.clock)
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
        // A failover or an import may begin the replica anew while it waits.
        do {
          await feed.whenLive()
          if (this.#ended !== undefined) throw this.#ended
        } while (!(await reads.mayRead()))
        page.post({ type: 'exported', n, file: replica.export() })
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
    this.#cursors.end()
    for (const running of this.#running.values()) if (running.seq === undefined) running.end(error)
  }

  /** No primary can be asked any more: what this tab's replica cannot answer is `error`. */
  retire(error: Error): void {
    this.#retired = error
  }

  #route(message: CallMessage, running: Running): Promise<Told> {
    const { call } = message
    // A message of one kind of call is a message of that kind.
    const of = <C extends Call | CursorCall>(own: C): CallMessage<C> => ({ ...message, call: own })
    switch (call.op) {
      case 'statement':
      case 'script':
      case 'batch':
        return this.#handle(message.handle).submit({
          isRead: () => this.#options.feed.mode === 'live' && this.#options.replica.isRead(call),
          mayBeRead: looksLike(call) !== 'write',
          read: () => this.#read(call, message),
          forward: () => this.#forward(of(call), running),
        })
      case 'pull':
        return this.#pull(of(call), running)
      case 'release':
        this.#cursors.release(call.cursor)
        return Promise.resolve({ results: [], version: 0 })
      case 'begin':
        return this.#begin(of(call), call.tx, running)
      case 'import':
      case 'import-file':
      case 'destroy':
      case 'flush':
      case 'check':
        return this.#write(of(call), running)
      case 'in-transaction':
        return this.#forward(of(call), running)
      case 'commit':
      case 'rollback':
        return this.#forward(of(call), running).finally(() =>
          this.#handle(message.handle).transactionEnded(call.tx),
        )
      default:
        return call satisfies never
    }
  }

  #write(message: CallMessage<Call>, running: Running): Promise<Answer> {
    return this.#handle(message.handle).submit({
      isRead: () => false,
      mayBeRead: false,
      read: () => Promise.resolve(undefined),
      forward: () => this.#forward(message, running),
    })
  }

  /** A piece of a result: of one that has begun, or the first one, which takes its turn like any other read. */
  async #pull(message: CallMessage<Extract<CursorCall, { op: 'pull' }>>, running: Running): Promise<Told> {
    const { cursor: name, statement } = message.call
    if (statement === null) return told(this.#cursors.pull(name, this.#limitsOf(message)))
    const call = { op: 'statement', rows: 'all', readonly: true, ...statement } as const
    const { feed, replica, reads } = this.#options
    return this.#handle(message.handle).submit<Told>({
      isRead: () => feed.mode === 'live' && replica.isRead(call),
      mayBeRead: true,
      read: async () => {
        if (!(await reads.mayRead()) || !this.#running.has(message.n)) return undefined
        const cursor = replica.open(statement)
        if (cursor === undefined) return undefined
        return told(this.#cursors.begin(name, cursor, feed.position?.version ?? 0, this.#limitsOf(message)))
      },
      forward: async () => {
        const { results, version } = await this.#forward({ ...message, call }, running)
        const [result] = results
        if (result === undefined) return { results, version, done: true }
        return told(this.#cursors.begin(name, cursorOver(result), version, this.#limitsOf(message)))
      },
    })
  }

  async #begin(message: CallMessage<Call>, tx: string, running: Running): Promise<Answer> {
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

  #limitsOf({ cancelUrl, timeout = READ_TIMEOUT }: CallMessage): Limits {
    const { clock, isRevoked } = this.#options
    return { deadline: clock.mono() + timeout, cancelled: createCancelCheck(clock, isRevoked, cancelUrl) }
  }

  #forward({ call, id, timeout, cancelUrl, cause, n }: CallMessage<Call>, running: Running): Promise<Answer> {
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

  #isRead(call: Call | CursorCall): boolean {
    if (call.op === 'pull' || call.op === 'release') return true
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

  #answer(n: number, answer: Promise<Told>): void {
    const { page } = this.#options
    answer
      .then(
        (answered) => page.post({ type: 'answer', n, ...answered }),
        (error: unknown) =>
          page.post({ type: 'answer', n, results: [], version: 0, error: serializeError(error) }),
      )
      .finally(() => this.#running.delete(n))
  }
}

function told({ result, version, done }: Piece): Told {
  return { results: [result], version, done }
}

function abortedUnsent(read: boolean): AbortedError {
  return new AbortedError('The call was aborted before it ran.', read ? {} : { outcome: 'not-applied' })
}

function isStatements(call: Call): call is StatementCall {
  return call.op === 'statement' || call.op === 'script' || call.op === 'batch'
}
