import { InternalError, ParameterError } from '../errors/errors.ts'
import type { Call, StatementCall } from '../protocol/call.ts'
import type { Change } from '../protocol/change.ts'
import type { CursorCall } from '../protocol/page-messages.ts'
import type { Params } from '../protocol/values.ts'
import { type Answer, type Ask, isRollback, type Reply } from './ask.ts'
import { type CallOptions, checkOptions } from './call-options.ts'
import { type ChangeOptions, createChangeFilter } from './change.ts'
import type { DatabaseStatus } from './database-status.ts'
import { closedError, deletedError } from './ends.ts'
import type { ExclusiveCallback } from './exclusive-call.ts'
import { ExclusiveCalls } from './exclusive-calls.ts'
import type { ImportSource } from './import-bytes.ts'
import { iterateRows } from './iterate-rows.ts'
import { Listeners } from './listeners.ts'
import { type LiveOptions, LiveQuery } from './live/live-query.ts'
import { LiveScope } from './live/live-scope.ts'
import { loadCode } from './load-code.ts'
import type { PageEnvironment } from './page-environment.ts'
import { Queries } from './queries.ts'
import type { SqlRow } from './rows.ts'
import { runTransaction, type TransactionCallback, type TransactionOptions } from './run-transaction.ts'
import type { DatabaseEvent, SharedAskOptions, SharedMember } from './shared-member.ts'
import { copyStatement } from './statement-call.ts'
import type { StorageState } from './storage-state.ts'
import type { SyncCopy } from './sync/sync-copy.ts'
import type { SyncHost, SyncReads } from './sync/sync-reads.ts'
import { within } from './within.ts'

/** Stands for an import whose bytes are still being read. */
const COMING: Call = { op: 'import', bytes: new Uint8Array(0) }
const ESTIMATE_BOUND = 250
const EVENTS: readonly DatabaseEvent[] = ['status', 'outdated', 'deleted', 'storage']

/**
 * One handle on a user's database; `open()` gives it. Calls of one handle take effect in the order in
 * which they were made. What one tab has written, every later read in every tab sees.
 */
export class Database extends Queries {
  readonly #environment: PageEnvironment
  readonly #member: SharedMember
  readonly #handle: number
  readonly #changes: Listeners<[Change]>
  readonly #live: LiveScope
  readonly #exclusive: ExclusiveCalls
  readonly #events: Readonly<Record<DatabaseEvent, Listeners<[]>>>
  /** Of the newest answer. */
  #version = 0
  #sync: SyncReads | undefined
  #closed: Promise<void> | undefined
  /** Present while an import reads its bytes: later calls keep their place behind it. */
  #reading: Promise<void> | undefined

  /** Use `open()`. */
  constructor(environment: PageEnvironment, member: SharedMember) {
    super(['signal', 'timeout', 'id', 'cause'])
    this.#environment = environment
    this.#member = member
    const listeners = <Args extends readonly unknown[]>(): Listeners<Args> =>
      new Listeners(environment.reportError)
    this.#changes = listeners()
    this.#events = { status: listeners(), outdated: listeners(), deleted: listeners(), storage: listeners() }
    this.#live = new LiveScope(member.live, environment.reportError)
    this.#exclusive = new ExclusiveCalls(environment, member.options)
    this.#handle = member.attach({
      change: (change) => this.#changes.call(change),
      event: (event) => {
        if (event === 'deleted') void this.#exclusive.end(deletedError())
        this.#events[event].call()
      },
    })
  }

  /** Whose database this is, as given to `open()`. */
  get user(): string {
    return this.#member.options.user
  }

  /** Which database of that user, as given to `open()`. */
  get name(): string {
    return this.#member.options.name
  }

  /** The newest version that this handle has seen, by an answer or a change. Rises with each commit of any tab. */
  get version(): number {
    return Math.max(this.#version, this.#member.version)
  }

  /**
   * Reads without a promise: see {@link SyncReads}.
   *
   * @throws {ParameterError} where it was opened without `syncReads`
   */
  get sync(): SyncReads {
    const { sync } = this.#member
    if (sync === undefined) throw new ParameterError('db.sync needs open({ syncReads: true }).')
    this.#sync ??= sync.readsOf(this.#syncHost(sync))
    return this.#sync
  }

  /** Where the data is kept, as last known; the event `storage` says when it changed. */
  get storage(): StorageState {
    return this.#member.storage.state
  }

  /**
   * Runs the callback in an interactive transaction, which commits when the callback's promise resolves
   * and rolls back when it rejects. The callback may run again (with a new `tx`) where the primary died
   * before the commit: its only effect should be its SQL. With an `id` that has committed before, the
   * callback runs, and what it wrote is dropped.
   *
   * @throws the callback's own error; `TransactionTimeoutError` past `timeout` or `idle`;
   *   `TransactionLostError` where its primary died and it was not tried again
   *
   * @example
   * const left = await db.transaction(async (tx) => {
   *   const stock = await tx.get<{ n: number }>('select n from stock where id = ?', [id])
   *   if (stock === undefined || stock.n === 0) throw new Error('sold out')
   *   await tx.run('update stock set n = n - 1 where id = ?', [id])
   *   return stock.n - 1
   * })
   */
  async transaction<Result>(
    callback: TransactionCallback<Result>,
    options?: TransactionOptions,
  ): Promise<Result> {
    const host = {
      clock: this.#environment.clock,
      randomId: () => this.#environment.randomId(),
      generation: () => this.#member.generation,
      send: (call: Call, own: CallOptions, generation?: number) =>
        this.#call(call, generation === undefined ? own : { ...own, generation }),
    }
    return await runTransaction(host, callback, options)
  }

  /**
   * Runs `callback` in one tab at a time of all that call it under this name for this database: waits for its
   * turn, and gives it on when the callback ends, or when its tab closes or is suspended. For what runs once per
   * user, such as a loop that syncs: each tab calls this once, and one of them runs it.
   *
   * The callback's `signal` is aborted when the turn is lost: the handle was closed, the tab is suspended, the
   * database was deleted. What the callback still brings then is dropped. A tab that is suspended queues again
   * when it wakes, and calls the callback again: it should end when its signal is aborted, and its effects be
   * such that they may happen twice. There is no bound for the wait but the option `signal`.
   *
   * @returns what the callback returned, in the turn that it had to the end
   * @throws the callback's own error; `AbortedError`, `DatabaseClosedError` or `DatabaseDeletedError`, at once
   *
   * @example
   * void db.runExclusive('sync', async (signal) => {
   *   while (!signal.aborted) await syncOnce(db, { signal })
   * })
   */
  async runExclusive<Result>(
    name: string,
    callback: ExclusiveCallback<Result>,
    options?: Pick<CallOptions, 'signal'>,
  ): Promise<Result> {
    const { signal } = checkOptions(options, ['signal'])
    const over = this.#closed === undefined ? this.#member.end : closedError('not-applied')
    if (over !== undefined) throw over
    return await this.#exclusive.run(name, callback, signal)
  }

  /**
   * Calls the listener once for each commit, of this tab or another, that touches one of `tables`.
   *
   * @returns a function that stops it
   * @example
   * const stop = db.onChange(({ version }) => refresh(version), { tables: ['tune'] })
   */
  onChange(listener: (change: Change) => void, options?: ChangeOptions): () => void {
    const concerns = createChangeFilter(options)
    checkListener(listener)
    return this.#changes.add((change) => {
      if (concerns(change)) listener(change)
    })
  }

  /**
   * A query whose result is kept up to date, whichever tab writes. Nothing runs until somebody follows it.
   *
   * @throws {ParameterError} naming what cannot be used; what is wrong with the SQL its followers are told
   * @example
   * const live = db.live<Tune>('select * from tune where mode = ?', ['Dorian'])
   * const stop = live.subscribe((tunes, { origin }) => show(tunes, origin))
   */
  live<Row = SqlRow>(sql: string, params?: Params, options?: LiveOptions): LiveQuery<Row> {
    const { timeout, rowMode } = checkOptions(options, ['timeout', 'rowMode'])
    if (!(rowMode === undefined || rowMode === 'object' || rowMode === 'array'))
      throw new ParameterError("Option 'rowMode' must be 'object' or 'array'.")
    return new LiveQuery(this.#live, {
      ...copyStatement(sql, params),
      ...(timeout === undefined ? {} : { timeout }),
      ...(rowMode === 'array' ? { rowMode } : {}),
    })
  }

  /**
   * The rows of a large result one after the other, without holding it whole: they come in pieces, as fast as
   * the loop takes them, all of one version, that of the loop's first step. Commits go on meanwhile. A loop
   * that ends early gives its version back; one that asks for nothing for 60 s, or whose version would keep
   * more than 64 MiB of what was changed since, is told `SnapshotLostError`.
   *
   * @param options `timeout` is the bound of one piece, ms
   * @throws {ParameterError} at once, naming what cannot be used; anything else by the loop
   * @example
   * for await (const { id, title } of db.iterate<Tune>('select id, title from tune')) write(id, title)
   */
  iterate<Row = SqlRow>(
    sql: string,
    params?: Params,
    options?: Pick<CallOptions, 'signal' | 'timeout'>,
  ): AsyncIterableIterator<Row> {
    const checked = checkOptions(options, ['signal', 'timeout'])
    const statement = copyStatement(sql, params)
    const cursor = this.#environment.randomId()
    return iterateRows<Row>({
      signal: checked.signal,
      pull: (first) => this.#call({ op: 'pull', cursor, statement: first ? statement : null }, checked),
      release: () => this.#call({ op: 'release', cursor }, {}),
    })
  }

  /**
   * Events without content: `status` (a tab came, went, or became primary), `outdated` (another tab's
   * newer build changed the schema: reload), `deleted` (the database is gone), `storage`.
   *
   * @returns a function that stops it
   * @example
   * db.on('outdated', () => showBanner('Reload to update'))
   */
  on(event: DatabaseEvent, listener: () => void): () => void {
    if (!EVENTS.includes(event))
      throw new ParameterError(`There is no event '${event}'; there are ${EVENTS.join(', ')}.`)
    checkListener(listener)
    return this.#events[event].add(() => listener())
  }

  /**
   * Who is who: this tab, its role, the primary, all members, what waits, and the storage.
   *
   * @example
   * const { role, members } = await db.status()
   */
  async status(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<DatabaseStatus> {
    const { storage } = this.#member
    const refreshed = within(this.#environment.clock, ESTIMATE_BOUND, storage.refresh())
    const reply = await this.#ask({ type: 'status' }, checkOptions(options, ['signal', 'timeout']))
    if (reply.type !== 'status' || reply.status === undefined) throw unexpected(reply)
    await refreshed
    const { persisted, usage, quota } = storage.state
    return { ...reply.status, persisted, usage, quota }
  }

  /**
   * A consistent copy as a plain SQLite file, without Tutti's own tables. Writers are not blocked.
   *
   * @example
   * link.href = URL.createObjectURL(await db.export())
   */
  async export(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<Blob> {
    const reply = await this.#ask({ type: 'export' }, checkOptions(options, ['signal', 'timeout']))
    if (reply.type !== 'exported' || reply.file === undefined) throw unexpected(reply)
    return reply.file
  }

  /**
   * Replaces the whole content, atomically and for every tab, by that of a SQLite file.
   *
   * @throws `InvalidImportError` where it is no sound SQLite database; nothing has changed then
   *
   * @example
   * await db.import(fileInput.files[0])
   */
  async import(source: ImportSource, options?: CallOptions): Promise<void> {
    const checked = checkOptions(options, ['signal', 'timeout', 'id', 'cause'])
    // What the caller does with its bytes from now on is not imported.
    const own = source instanceof Uint8Array ? new Uint8Array(source) : source
    const { clock, code } = this.#environment
    const content = loadCode(clock, 'import()', code.import).then(({ readImport }) => readImport(own))
    // It may fail before its turn comes.
    content.catch(() => undefined)

    const before = this.#reading
    const turn = (async (): Promise<Ask> => {
      await before
      return { type: 'call', call: await content }
    })()
    const answer = this.#call(COMING, { ...checked, turn })
    this.#hold(Promise.race([turn, answer]))
    await answer
  }

  /**
   * Resolves when everything that was written before is on disk: for `durability: 'relaxed'`.
   *
   * @example
   * await db.flush()
   */
  async flush(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<void> {
    await this.#call({ op: 'flush' }, checkOptions(options, ['signal', 'timeout']))
  }

  /**
   * Closes this handle; an `open()` elsewhere is untouched. Earlier calls have 2 s to end, later ones
   * reject with `DatabaseClosedError`. The last handle to close ends this page's workers.
   *
   * @example
   * await db.close()
   */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#changes.clear()
      this.#live.end(closedError('not-applied'))
      for (const listeners of Object.values(this.#events)) listeners.clear()
      const exclusive = this.#exclusive.end(closedError('not-applied'))
      this.#closed = this.#member.release(this.#handle).then(() => exclusive)
    }
    return this.#closed
  }

  /**
   * Deletes this database for every tab: all handles get the event `deleted`, and their calls reject with
   * `DatabaseDeletedError`. A new `open()` makes a new, empty one.
   *
   * @example
   * await db.destroy()
   */
  async destroy(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<void> {
    await this.#call({ op: 'destroy' }, checkOptions(options, ['signal', 'timeout']))
    this.#member.setDeleted()
  }

  protected override send(call: StatementCall, options: CallOptions): Promise<Answer> {
    return this.#call(call, options)
  }

  async #call(call: Call | CursorCall, options: SharedAskOptions): Promise<Answer> {
    const reply = await this.#ask({ type: 'call', call }, options)
    if (reply.type !== 'answer') throw unexpected(reply)
    this.#version = Math.max(this.#version, reply.version)
    return reply
  }

  #ask(ask: Ask, options: SharedAskOptions): Promise<Reply> {
    if (this.#closed !== undefined && !isRollback(ask)) {
      return Promise.reject(closedError('not-applied'))
    }
    const turn = options.turn ?? this.#reading?.then(() => ask)
    return this.#member.ask(this.#handle, ask, turn === undefined ? options : { ...options, turn })
  }

  #syncHost(sync: SyncCopy): SyncHost {
    return {
      get version() {
        return sync.version
      },
      read: (call, timeout) => {
        const over = this.#closed === undefined ? this.#member.end : closedError('not-applied')
        if (over !== undefined) throw over
        return sync.read(call, timeout)
      },
      // What this read has seen the member has sent to the copy before its answer.
      refresh: async () => void (await this.run('select 1', [], { readonly: true })),
    }
  }

  /** Calls made from now on are sent after `reading` has ended, however it ends. */
  #hold(reading: Promise<unknown>): void {
    const end = (): void => {
      if (this.#reading === held) this.#reading = undefined
    }
    const held: Promise<void> = reading.then(end, end)
    this.#reading = held
  }
}

function checkListener(listener: unknown): void {
  if (typeof listener !== 'function') throw new ParameterError('The listener must be a function.')
}

function unexpected(reply: Reply): InternalError {
  return new InternalError(`This tab's worker answered with '${reply.type}', which was not asked.`)
}
