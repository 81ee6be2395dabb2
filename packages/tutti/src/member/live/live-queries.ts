import { InternalError, SqlError, TuttiError } from '../../errors/errors.ts'
import { serializeError } from '../../errors/wire.ts'
import type { Clock, Port } from '../../platform/platform.ts'
import type { LiveStart } from '../../protocol/live.ts'
import type { FromMemberWorker, ToMemberWorker } from '../../protocol/page-messages.ts'
import type { StatementResult } from '../../protocol/values.ts'
import type { Change, Feed } from '../feed.ts'
import type { Reads } from '../reads.ts'
import type { Replica } from '../replica.ts'
import { READ_TIMEOUT, type Requests } from '../requests.ts'
import type { Tidings } from '../tidings.ts'
import { type Due, LiveQuery, UNKNOWN } from './live-query.ts'
import { mayPass, Pauses } from './pauses.ts'
import type { Watch } from './watch.ts'

export interface LiveQueriesOptions {
  readonly clock: Clock
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  readonly member: string
  readonly reads: Reads
  readonly requests: Requests
  readonly replica: Replica
  readonly feed: Feed
  readonly tidings: Pick<Tidings, 'told' | 'whenTold'>
}

/**
 * The page's live queries. Each runs on this tab's own replica, as any read does, and again after commits
 * that touch what it read: one query in a turn of the event loop, so that the tab's plain reads come in
 * between, and once for all the commits that came while it waited.
 */
export class LiveQueries {
  readonly #options: LiveQueriesOptions
  readonly #queries = new Map<number, LiveQuery>()
  /** Those that have to run, in this order. */
  readonly #queue = new Set<LiveQuery>()
  readonly #pauses: Pauses
  #draining = false
  #closed = false

  constructor(options: LiveQueriesOptions) {
    this.#options = options
    this.#pauses = new Pauses(options.clock, (query) => this.#wake(query, UNKNOWN))
  }

  get size(): number {
    return this.#queries.size
  }

  start(message: LiveStart): void {
    if (this.#closed) return
    const query = new LiveQuery(message)
    this.#queries.set(query.n, query)
    this.#enqueue(query)
  }

  stop(n: number): void {
    const query = this.#queries.get(n)
    if (query === undefined) return
    this.#queries.delete(n)
    this.#queue.delete(query)
    this.#pauses.end(query)
    if (query.asked !== undefined) this.#options.requests.cancel(query.asked)
  }

  /** A commit can be read now. */
  changed({ version, changes, by, cause }: Change): void {
    const origin = by === this.#options.member ? 'self' : 'tab'
    const due: Due = by === '' ? { version } : { version, origin, cause }
    for (const query of this.#queries.values()) {
      if (query.concernedBy(version, changes)) this.#wake(query, due)
    }
  }

  /** This tab may have missed commits: everything runs again. */
  resync(): void {
    for (const query of this.#queries.values()) {
      this.#pauses.end(query)
      this.#wake(query, UNKNOWN)
    }
  }

  /** A primary is there: what failed for want of one runs again. */
  primaryHeard(): void {
    this.#pauses.endAbsences()
  }

  /** What becomes of them, the page knows by itself. */
  close(): void {
    this.#closed = true
    this.#pauses.close()
    this.#queries.clear()
    this.#queue.clear()
  }

  #wake(query: LiveQuery, due: Due): void {
    query.wake(due)
    if (!this.#pauses.rests(query)) this.#enqueue(query)
  }

  #enqueue(query: LiveQuery): void {
    // The answer that is under way brings it back.
    if (query.asked !== undefined) return
    this.#queue.add(query)
    if (!this.#draining) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#draining = true
    while (this.#queue.size > 0) {
      await this.#options.clock.turn()
      try {
        const here = await this.#mayRun()
        const [query] = this.#queue
        if (query === undefined) break
        this.#queue.delete(query)
        this.#run(query, here)
      } catch (error) {
        const waiting = [...this.#queue]
        this.#queue.clear()
        for (const query of waiting) this.#failed(query, error)
      }
    }
    this.#draining = false
  }

  /** As for a read; and it is known of each commit that a result would show whose it was, as far as it ever will be. */
  async #mayRun(): Promise<boolean> {
    const { reads, tidings } = this.#options
    for (;;) {
      const here = await reads.mayRead()
      if (tidings.told) return here
      await tidings.whenTold()
    }
  }

  /** Synchronous, so that a result, its version and what it read belong together. */
  #run(query: LiveQuery, here: boolean): void {
    const { reads, replica, feed } = this.#options
    this.#pauses.end(query)
    if (!query.begin()) return
    if (!here) return void this.#ask(query)
    try {
      const { call, timeout = READ_TIMEOUT } = query
      const read = reads.readNow(call, { timeout, cancelled: () => false })
      if (read.kind === 'forward') return void this.#ask(query)
      const version = feed.position?.version ?? 0
      this.#succeeded(query, read.results, version, replica.watch(call))
    } catch (error) {
      this.#failed(query, error)
    }
  }

  /** Without a replica, or where it does not know what the statement names, the primary runs it. */
  async #ask(query: LiveQuery): Promise<void> {
    const { call, timeout } = query
    try {
      const answer = this.#options.requests.ask({ call, timeout, read: true }, (seq) => {
        query.asked = seq
      })
      const { results, version } = await answer
      await this.#options.tidings.whenTold()
      query.asked = undefined
      this.#succeeded(query, results, version, undefined)
    } catch (error) {
      query.asked = undefined
      this.#failed(query, error)
    }
    if (query.due && this.#queries.has(query.n) && !this.#pauses.rests(query)) this.#enqueue(query)
  }

  #succeeded(
    query: LiveQuery,
    [result]: readonly StatementResult[],
    version: number,
    watch: Watch | undefined,
  ): void {
    if (!this.#queries.has(query.n)) return
    const { sql } = query.call
    if (result === undefined)
      return this.#failed(query, new SqlError('There is no statement in this text', { sql }))
    const update = query.succeeded(result, version, watch)
    if (!query.due) this.#queue.delete(query)
    if (update !== undefined) this.#options.page.post(update)
  }

  #failed(query: LiveQuery, thrown: unknown): void {
    if (!this.#queries.has(query.n)) return
    const error = thrown instanceof Error ? thrown : new InternalError(String(thrown))
    const code = error instanceof TuttiError ? error.code : undefined
    if (query.failed(error)) this.#tellFailure(query, error)
    if (mayPass(code)) this.#pauses.begin(query, code, query.failures)
  }

  #tellFailure({ n }: LiveQuery, error: Error): void {
    this.#options.page.post({ type: 'live-failed', n, error: serializeError(error) })
  }
}
