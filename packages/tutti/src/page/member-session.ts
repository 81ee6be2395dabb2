import { InternalError, TuttiError, WorkerFailedError } from '../errors/errors.ts'
import { deserializeError, type WireError } from '../errors/wire.ts'
import type { Timer } from '../platform/platform.ts'
import type { Change } from '../protocol/change.ts'
import type {
  FromMemberPost,
  FromMemberWorker,
  Lifecycle,
  PageOptions,
  ToMemberWorker,
} from '../protocol/page-messages.ts'
import type { ReplicaUpdate } from '../protocol/sync-reads.ts'
import { setAlarm } from './alarm.ts'
import type { Reply } from './ask.ts'
import { createDeferred } from './deferred.ts'
import type { PageEnvironment, PageWorker } from './page-environment.ts'
import { PrimaryHost } from './primary-host.ts'
import { within } from './within.ts'

/** What of the options the session does not find out by itself. */
export interface SessionOptions extends Omit<PageOptions, 'build' | 'url' | 'title' | 'visible' | 'mobile'> {
  readonly functions: string | null
}

type Told<Type extends FromMemberWorker['type']> = Extract<FromMemberWorker, { readonly type: Type }>

export interface SessionListener {
  ready(message: Told<'ready'>): void
  reply(reply: Reply): void
  change(change: Change): void
  live(message: Told<'live' | 'live-failed'>): void
  replica(update: ReplicaUpdate): void
  event(event: Told<'event'>['event']): void
  /** The member is gone and its workers are terminated. `wire` is there when it said why itself. */
  failed(error: Error, wire?: WireError): void
}

const LEAVE_BOUND = 2_000
const START_BOUND = 90_000

/**
 * One member worker from its start to its end, with the primary worker that it may ask for and the
 * page's life that it must be told of. Knows no calls: only messages.
 */
export class MemberSession {
  readonly #environment: PageEnvironment
  readonly #listener: SessionListener
  readonly #worker: PageWorker<ToMemberWorker, FromMemberPost>
  readonly #stopListening: () => void
  readonly #alarm: Timer
  readonly #gone = createDeferred<void>()
  #state: 'starting' | 'initialized' | 'ready' | 'ended' = 'starting'
  /** Present once the member was initialized. */
  #primary: PrimaryHost | undefined
  #waiting: ToMemberWorker[] = []
  #suspended = false
  #shown = ''

  /** @throws where the browser refuses to make a worker */
  constructor(environment: PageEnvironment, options: SessionOptions, listener: SessionListener) {
    this.#environment = environment
    this.#listener = listener
    this.#worker = environment.startMember()
    this.#worker.onMessage((post) => {
      for (const message of [post].flat()) this.#receive(message)
    })
    this.#worker.onFailure((cause) => {
      this.#fail(new WorkerFailedError(`This tab's worker failed: ${cause.message}`, { cause }))
    })
    this.#stopListening = environment.life.listen((state) => this.#live(state))
    this.#alarm = setAlarm(environment.clock, START_BOUND, () => {
      this.#fail(new WorkerFailedError(`This tab's worker was not ready within ${START_BOUND / 1000} s.`))
    })
    this.#initialize(options).catch((error: unknown) => this.#fail(asTuttiError(error)))
  }

  /** Sends at once and in order. Until the member is ready, what is given is kept as it is now. */
  post(message: ToMemberWorker, transfer: readonly Transferable[] = []): void {
    if (this.#state === 'ready') this.#worker.post(message, transfer)
    else if (this.#state !== 'ended') this.#waiting.push(structuredClone(message))
  }

  /** Tells the tab's address and title where they changed: they change without an event. */
  postTitle(): void {
    const { url, title } = this.#environment.life
    const shown = JSON.stringify([url, title])
    if (shown === this.#shown || this.#primary === undefined) return
    this.#shown = shown
    this.#worker.post({ type: 'title', url, title })
  }

  /** Lets the member leave in peace: its primary, if it has one, hands over. */
  async leave(): Promise<void> {
    if (this.#state === 'ready') {
      this.#worker.post({ type: 'leave' })
      await within(this.#environment.clock, LEAVE_BOUND, this.#gone.promise)
    }
    this.end()
  }

  end(): void {
    this.#state = 'ended'
    this.#alarm.cancel()
    this.#stopListening()
    this.#primary?.kill()
    this.#worker.terminate()
    this.#gone.resolve()
  }

  async #initialize({ functions, ...options }: SessionOptions): Promise<void> {
    const wasm = await this.#environment.compileWasm()
    if (this.#state === 'ended') return
    this.#state = 'initialized'
    this.#primary = new PrimaryHost(this.#environment, { wasm, functions }, (message, transfer) =>
      this.#worker.post(message, transfer),
    )
    const { build, life } = this.#environment
    const { url, title, visible, mobile } = life
    this.#shown = JSON.stringify([url, title])
    this.#worker.post({
      type: 'init',
      options: { ...options, build, url, title, visible, mobile },
      wasm,
      functions,
    })
    if (this.#suspended) this.#worker.post({ type: 'lifecycle', state: 'suspended' })
  }

  #live(state: Lifecycle): void {
    if (state === 'suspended') this.#suspended = true
    if (state === 'resumed') this.#suspended = false
    // First of all, because this may be the last code that runs here: let go of the files (R7).
    const ended = state === 'suspended' ? this.#primary?.kill() : undefined
    if (this.#primary === undefined) return
    this.#worker.post({ type: 'lifecycle', state })
    if (ended !== undefined)
      this.#worker.post({ type: 'primary-ended', n: ended, reason: 'the tab is suspended' })
    if (state === 'visible' || state === 'hidden') this.postTitle()
  }

  #startPrimary(n: number): void {
    // A suspended tab that still gets a message must not take the files again.
    if (this.#suspended) this.#worker.post({ type: 'primary-ended', n, reason: 'the tab is suspended' })
    else this.#primary?.start(n)
  }

  #receive(message: FromMemberWorker): void {
    if (this.#state === 'ended') return
    switch (message.type) {
      case 'ready':
        return this.#ready(message)
      case 'failed':
        return this.#fail(deserializeError(message.error), message.error)
      case 'answer':
      case 'status':
      case 'exported':
        return this.#listener.reply(message)
      case 'change':
        return this.#listener.change(message.change)
      case 'live':
      case 'live-failed':
        return this.#listener.live(message)
      case 'replica':
        return this.#listener.replica(message.update)
      case 'event':
        return this.#listener.event(message.event)
      case 'start-primary':
        return this.#startPrimary(message.n)
      case 'terminate-primary':
        return this.#primary?.terminate(message.n)
      case 'left':
        return this.#gone.resolve()
      default:
        message satisfies never
    }
  }

  #ready(message: Told<'ready'>): void {
    this.#state = 'ready'
    this.#alarm.cancel()
    for (const waiting of this.#waiting.splice(0)) this.#worker.post(waiting)
    this.#listener.ready(message)
  }

  #fail(error: Error, wire?: WireError): void {
    if (this.#state === 'ended') return
    this.end()
    this.#listener.failed(error, wire)
  }
}

function asTuttiError(error: unknown): Error {
  return error instanceof TuttiError
    ? error
    : new InternalError(`The worker was not started: ${String(error)}`, { cause: error })
}
