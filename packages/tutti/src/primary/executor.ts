import { AbortedError, CallTimeoutError, StorageFullError, type TuttiError } from '../errors/errors.ts'
import { createCancelCheck } from '../platform/cancellation.ts'
import { mark } from '../platform/marks.ts'
import type { Clock, Timer } from '../platform/platform.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { Request } from '../protocol/messages.ts'
import { type RequestKey, requestIdOf } from '../protocol/request-key.ts'
import type { Answers } from './answers.ts'
import { mayTakeLong } from './call-facts.ts'
import { CommitGroup, type CommitGroupOptions } from './commit-group.ts'
import { DeadTransactions } from './dead-transactions.ts'
import {
  type Commit,
  type Engine,
  EngineBroken,
  type Execution,
  type Limits,
  type WriteRequest,
} from './engine.ts'
import { OpenTransaction } from './open-transaction.ts'
import { RequestQueue, type Work } from './request-queue.ts'
import type { Session } from './session.ts'
import type { Signs } from './signs.ts'

/** Requests that come within so long of each other share one flush, ms (R16). */
const GROUP = 10
/**
 * How long the next group waits for the acknowledgements of the last, ms: a long statement that begins
 * sooner would hold up the reads of those that acknowledged (R11).
 */
const SETTLE = 5
/** Pages in the log after which it is copied into the file. */
const LONG_LOG = 1000
/** The pause after which a log is copied, and a long one, ms. */
const IDLE = 1000
const SHORT_IDLE = 100

export interface ExecutorOptions extends CommitGroupOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly answers: Answers
  /** False once this is no longer the primary: nothing may be written or answered (R5). */
  readonly mayServe: () => Promise<boolean>
  readonly signs: Pick<Signs, 'working' | 'idle'>
  /** Sends what is left of what members fetch part by part. */
  readonly sendRests: () => void
  /** Resolves when all that was published is stable, or after `ms`. */
  readonly settled: (ms: number) => Promise<void>
  readonly destroy: () => Promise<void>
  /** Why this member's writes are refused, if they are (R30). */
  readonly refusal: (session: Session) => TuttiError | undefined
  /** Whether this failure is not to be told, because the request will be asked again of an epoch that may do better. */
  readonly postpones: (error: unknown, requestId: string) => boolean
  /** Whether the file is to be looked through first; then the request is asked again of the next epoch. */
  readonly wantsCheck: () => boolean
  /** Why a write that an earlier epoch could not keep is refused when it is asked again, if it is (R17, R25). */
  readonly takeReason: (requestId: string) => TuttiError | undefined
  readonly isRevoked: (url: string) => boolean
  /** The storage failed with these writes committed and not flushed: nothing more is answered (R17). */
  readonly onBroken: (cause: unknown, unflushed: readonly RequestKey[]) => void
}

/**
 * Runs one thing at a time, in the order of arrival; while an interactive transaction is open, only
 * its own statements. Commits that are waiting together share one flush (group commit, R16).
 */
export class Executor {
  readonly #options: ExecutorOptions
  readonly #group: CommitGroup
  readonly #queue = new RequestQueue()
  #maintenance: (() => Commit | null)[] = []
  #transaction: OpenTransaction | undefined
  readonly #dead = new DeadTransactions()
  #draining: Promise<void> | undefined
  #closed = false
  #whenIdle: Timer | undefined

  constructor(options: ExecutorOptions) {
    this.#options = options
    this.#group = new CommitGroup(options)
  }

  get queued(): number {
    return this.#queue.length
  }

  /** Whether something waits that may take long, and nobody is heard meanwhile. */
  get expectsLong(): boolean {
    return this.#queue.some(({ request }) => mayTakeLong(request.call))
  }

  get transaction(): OpenTransaction | undefined {
    return this.#transaction
  }

  enqueue(work: Work): void {
    this.#queue.add(work)
    this.#wake()
  }

  /** Runs `task` between transactions; a commit that it makes is published and flushed like any other. */
  between(task: () => Commit | null): void {
    this.#maintenance.push(task)
    this.#wake()
  }

  /** Takes a request out of the queue because its signal was aborted; one that runs sees its URL revoked. */
  cancel(session: Session, seq: number): void {
    const work = this.#queue.find(session, seq)
    // A ROLLBACK is wanted all the same, and others may wait for it.
    if (work === undefined || work.request.call.op === 'rollback') return
    // One that committed in an earlier epoch is answered from the ledger when its turn comes.
    if (this.#options.engine.recall(work.request.key) !== undefined) return
    this.#queue.remove(work)
    this.#endUncommitted(work.request)
    this.#fail(
      { session, seq },
      new AbortedError('The call was aborted before it ran.', { outcome: 'not-applied' }),
    )
  }

  /** Flushes what `relaxed` commits left (R20). */
  flushSoon(): void {
    this.#group.requireFlush()
    this.between(() => null)
  }

  /** `session` is gone: its open transaction rolls back at once, what it had queued never runs. */
  drop(session: Session): void {
    this.#queue.drop(session)
    if (this.#transaction?.member === session.member) {
      mark('a transaction dies with its member')
      this.#endTransaction()
    }
    this.#wake()
  }

  /** Ends an open transaction, runs nothing more, and waits for what is running. */
  async close(): Promise<void> {
    this.#closed = true
    this.#whenIdle?.cancel()
    await this.#draining
    if (this.#transaction !== undefined) this.#endTransaction()
  }

  #wake(): void {
    if (this.#draining !== undefined || this.#closed) return
    this.#draining = this.#drain().finally(() => {
      this.#draining = undefined
      // Something may have come while the last turn ended.
      if (!this.#closed && this.#eligible()) this.#wake()
    })
  }

  async #drain(): Promise<void> {
    try {
      while (!this.#closed && this.#eligible() && (await this.#options.mayServe())) {
        this.#options.signs.working()
        await this.#runGroup()
        const flushed = await this.#group.flush(this.#options.engine.version)
        if (flushed && this.#eligible()) await this.#options.settled(SETTLE)
        if (flushed && this.#group.checkpointDue(LONG_LOG)) this.#checkpoint()
        // What other tabs sent meanwhile waits in the event loop: let it share the next flush.
        await this.#options.clock.turn()
      }
    } catch (error) {
      this.#closed = true
      this.#transaction?.close()
      this.#transaction = undefined
      this.#options.onBroken(error instanceof EngineBroken ? error.cause : error, this.#group.unflushed)
    } finally {
      this.#options.signs.idle()
    }
    this.#whenIdle?.cancel()
    const { pagesInLog } = this.#group
    if (pagesInLog === 0) return
    const pause = pagesInLog < LONG_LOG ? IDLE : SHORT_IDLE
    this.#whenIdle = this.#options.clock.after(pause, () => this.#rest())
  }

  /** Nobody asked for anything for a while. */
  #rest(): void {
    this.between(() => {
      this.#checkpoint()
      return null
    })
  }

  #eligible(): boolean {
    return (this.#transaction === undefined && this.#maintenance.length > 0) || this.#next() !== undefined
  }

  #next(): Work | undefined {
    return this.#queue.next(this.#transaction?.tx)
  }

  async #runGroup(): Promise<void> {
    const { clock } = this.#options
    const until = clock.mono() + GROUP
    for (let ran = 0; !this.#closed && clock.mono() <= until; ran++) {
      if (this.#transaction === undefined) this.#maintain()
      // Where requests come in crowds, more of the crowd has arrived by now.
      if (this.#next() === undefined && ran > 1) {
        await clock.turn()
        // It may have been stopped and robbed meanwhile.
        if (clock.mono() > until) return
      }
      const work = this.#next()
      if (work === undefined) return
      this.#queue.remove(work)
      this.#run(work)
    }
  }

  /** Copies the log into the file: when it has grown, or when nobody has asked for anything for a while. */
  #checkpoint(): void {
    if (this.#closed || this.#transaction !== undefined) return
    this.#group.checkpointed()
    try {
      this.#options.engine.checkpoint()
    } catch (error) {
      // With a full storage the log stays as it is, and nothing is lost.
      if (!(error instanceof StorageFullError)) throw error
    }
  }

  #maintain(): void {
    // Pages that are sent must not be ahead of the deltas that lead to them.
    if (this.#maintenance.length > 0) this.#group.publish()
    for (const task of this.#maintenance.splice(0)) {
      const commit = task()
      if (commit !== null) this.#group.add(commit, '', 'relaxed')
    }
  }

  #run(work: Work): void {
    const { request, session } = work
    const { clock } = this.#options
    const target = { session, seq: request.seq, requestId: requestIdOf(request.key) }
    const late = clock.wall() > request.expires && request.call.op !== 'rollback'
    if (late && this.#options.engine.recall(request.key) === undefined) {
      mark('a request is too late to be run')
      this.#endUncommitted(request)
      return this.#fail(
        target,
        new CallTimeoutError('The call waited its whole bound for its turn.', { outcome: 'not-applied' }),
      )
    }
    const open = this.#transaction
    open?.work()
    if (mayTakeLong(request.call)) this.#options.sendRests()
    try {
      this.#perform(work)
    } catch (error) {
      if (error instanceof EngineBroken) throw error
      if (!this.#options.postpones(error, target.requestId)) this.#fail(target, error)
    } finally {
      if (open === this.#transaction) open?.rest()
    }
  }

  #perform({ session, request }: Work): void {
    const { engine, answers } = this.#options
    const { call, seq } = request
    switch (call.op) {
      case 'statement':
      case 'script':
      case 'batch':
        return this.#succeed(session, request, this.#execute(call, session, request))
      case 'begin':
        return this.#begin(session, request, call)
      case 'in-transaction': {
        const open = this.#requireOpen(call.tx)
        const results = open.once(seq, () => engine.inTransaction(call.call, this.#limits(request)))
        return answers.succeed(session, seq, 0, results)
      }
      case 'commit': {
        const stored = this.#transaction?.tx === call.tx ? undefined : engine.recall(request.key)
        if (stored !== undefined) {
          mark('a COMMIT is answered from the ledger')
          return this.#succeed(session, request, stored)
        }
        this.#requireOpen(call.tx, request)
        this.#closeTransaction()
        return this.#succeed(session, request, engine.commit(this.#writeRequest(session, request)))
      }
      case 'rollback':
        if (this.#transaction?.tx === call.tx) this.#endTransaction()
        this.#dead.forget(call.tx)
        return answers.succeed(session, seq, 0, [])
      case 'import':
      case 'import-file': {
        const file = call.op === 'import' ? call.bytes : call.file
        return this.#succeed(session, request, engine.import(file, this.#writeRequest(session, request)))
      }
      case 'flush':
        return this.#group.requireFlush((version) => answers.succeed(session, seq, version, []))
      case 'check':
        return this.#options.wantsCheck() ? undefined : answers.succeed(session, seq, 0, [])
      case 'destroy':
        this.#closed = true
        // Success is told to everyone by `deleted`; what was not deleted is opened again.
        void this.#options.destroy().catch((error: unknown) => {
          answers.fail(session, seq, 0, error)
          this.#options.onBroken(error, this.#group.unflushed)
        })
        return
      default:
        return call satisfies never
    }
  }

  #execute(call: StatementCall, session: Session, request: Request): Execution {
    const { engine } = this.#options
    const write = this.#writeRequest(session, request)
    const run = () => engine.execute(call, write, this.#limits(request))
    try {
      return run()
    } catch (error) {
      if (!(error instanceof StorageFullError) || error === write.refusal) throw error
      mark('a full storage refuses a write')
      // A log that was emptied has room again: a DELETE must work with the quota full (R25).
      engine.checkpoint()
      return run()
    }
  }

  #begin(session: Session, request: Request, call: { tx: string; timeout: number; idle: number }): void {
    const { engine, answers, clock } = this.#options
    if (this.#transaction === undefined) {
      // Its writes can have the room that a log which was not copied takes (R25).
      if (this.#group.putOff) this.#checkpoint()
      engine.begin()
      this.#transaction = new OpenTransaction({
        clock,
        ...call,
        member: session.member,
        onExpired: (error) => this.#endTransaction(error),
        waiting: () => this.#queue.firstSqlOf(session.member),
      })
    }
    // What a transaction reads is the present version: it is answered when that is stable.
    answers.succeed(session, request.seq, engine.version, [])
  }

  #succeed(session: Session, request: Request, execution: Execution): void {
    const { commit, version, results } = execution
    if (commit !== null) {
      this.#group.add(commit, session.member, request.durability, request)
    }
    this.#options.answers.succeed(session, request.seq, version, results)
  }

  #fail(
    { session, seq, requestId }: { session: Session; seq: number; requestId?: string },
    error: unknown,
  ): void {
    this.#options.answers.fail(session, seq, this.#options.engine.version, error, requestId)
  }

  /** @param commit of which an earlier epoch may have found that it cannot be kept: run again, it would not be either */
  #requireOpen(tx: string, commit?: Request): OpenTransaction {
    if (this.#transaction?.tx === tx) return this.#transaction
    throw (commit && this.#options.takeReason(requestIdOf(commit.key))) ?? this.#dead.reasonOf(tx)
  }

  #closeTransaction(): void {
    this.#transaction?.close()
    this.#transaction = undefined
  }

  #endTransaction(reason?: TuttiError): void {
    const open = this.#transaction
    if (open === undefined) return
    this.#closeTransaction()
    if (reason !== undefined) {
      mark('a transaction is ended by its deadline')
      this.#dead.add(open.tx, reason)
    }
    this.#options.engine.rollback()
    this.#wake()
  }

  /** A transaction whose COMMIT is not run has nobody left to end it. */
  #endUncommitted({ call }: Request): void {
    if (call.op === 'commit' && call.tx === this.#transaction?.tx) this.#endTransaction()
  }

  #writeRequest(session: Session, request: Request): WriteRequest {
    const { takeReason, refusal: refusalOf } = this.#options
    const refusal = takeReason(requestIdOf(request.key)) ?? refusalOf(session)
    return {
      key: request.key,
      member: request.member,
      answered: request.answered,
      ...(refusal === undefined ? {} : { refusal }),
    }
  }

  #limits(request: Request): Limits {
    const { clock, isRevoked } = this.#options
    const cancelled = createCancelCheck(clock, isRevoked, request.cancelUrl)
    const deadline = Math.min(clock.mono() + request.timeout, this.#transaction?.deadline ?? Infinity)
    return { deadline, cancelled }
  }
}
