import { ChannelRegistry } from './channels.ts'
import type { SimulatedContext } from './context.ts'
import { SimulatedDisk } from './disk.ts'
import { EventQueue, type SimulatedEvent } from './event-queue.ts'
import { type Host, nodeHost } from './host.ts'
import { LockManager } from './locks.ts'
import { createPrng, type Prng, type Range } from './prng.ts'
import { SimulationError } from './simulation-error.ts'
import { SimulatedTab } from './tab.ts'
import { Trace } from './trace.ts'

/** How long things take, in ms. */
export interface SimulationOptions {
  /** A broadcast message. */
  readonly latency: Range
  /** A message on a port. */
  readonly portLatency: Range
  /** To the browser's lock manager, and back. */
  readonly lockLatency: Range
  /** From a death to the fall of its locks, and, separately, of its file handles. */
  readonly lateRelease: Range
  /** By how much a timer is late. */
  readonly timerLateness: Range
  /** Among events due within this time of each other, any may come first. */
  readonly jitter: number
}

const DEFAULTS: SimulationOptions = {
  latency: [0.05, 8],
  portLatency: [0.02, 2],
  lockLatency: [0.05, 6],
  lateRelease: [1, 150],
  timerLateness: [0, 5],
  jitter: 2,
}

export interface CaughtError {
  /** World time, ms. */
  readonly time: number
  readonly context: string
  readonly error: unknown
}

const WALL_ORIGIN = Date.UTC(2026, 0, 1)

/**
 * A browser with many tabs in one process, whose every delay, order and accident the seed decides.
 * Nothing in it waits for real time, and what runs in it may use promises but no timers, channels or
 * locks but those of its context's platform.
 */
export class Simulation {
  readonly seed: number
  readonly options: SimulationOptions
  readonly prng: Prng
  readonly trace = new Trace()
  readonly locks: LockManager
  readonly channels = new ChannelRegistry()
  readonly disk: SimulatedDisk
  /** Every context that ever was. */
  readonly contexts: SimulatedContext[] = []
  /** What was thrown in an event, or rejected with nobody to catch it. It fails the run. */
  readonly errors: CaughtError[] = []
  readonly #host: Host
  readonly #queue = new EventQueue()
  readonly #tabs = new Map<string, SimulatedTab>()
  #now = 0
  #wallJump = 0
  #current: SimulatedContext | null = null
  #release: (() => void) | undefined

  constructor(seed: number, options: Partial<SimulationOptions>, host: Host) {
    this.seed = seed
    this.options = { ...DEFAULTS, ...options }
    this.prng = createPrng(seed)
    this.#host = host
    this.locks = new LockManager(this)
    this.disk = new SimulatedDisk(this)
  }

  /** World time, ms. */
  get now(): number {
    return this.#now
  }

  /** The tab of that name; opened when it is first asked for. */
  tab(name: string): SimulatedTab {
    let tab = this.#tabs.get(name)
    if (tab === undefined) {
      tab = new SimulatedTab(this, name)
      this.#tabs.set(name, tab)
    }
    return tab
  }

  get tabs(): readonly SimulatedTab[] {
    return [...this.#tabs.values()]
  }

  /** Moves every tab's wall clock, forwards or back. */
  jumpWallClock(ms: number): void {
    this.#wallJump += ms
  }

  wallAt(time: number): number {
    return Math.floor(WALL_ORIGIN + time + this.#wallJump)
  }

  /** All tabs die; what they wrote is in the system's page cache and survives. */
  killBrowser(): void {
    for (const tab of this.#tabs.values()) tab.kill()
  }

  /** All tabs die, and what was not flushed is lost, in whole or in part. */
  powerCut(): void {
    this.killBrowser()
    this.disk.powerCut()
  }

  schedule(event: SimulatedEvent): void {
    this.#queue.add(event)
  }

  unschedule(event: SimulatedEvent): void {
    this.#queue.remove(event)
  }

  /** Lets the next thing happen, and all microtasks that follow from it; `false` if there is none. */
  step(): Promise<boolean> {
    return this.#guarded(() => this.#step(Number.POSITIVE_INFINITY))
  }

  /**
   * Steps until `until` holds; without it, until nothing is left to happen or `maxTime` ms have passed.
   * @throws {SimulationError} when `until` is not reached in time, or something went uncaught.
   */
  run({ until, maxTime = 60_000 }: { until?: () => boolean; maxTime?: number } = {}): Promise<void> {
    return this.#guarded(async () => {
      const end = this.#now + maxTime
      await this.#host.drain()
      for (;;) {
        this.#failOnErrors()
        if (until?.() === true) return
        if (!(await this.#step(end))) break
      }
      if (until === undefined) return
      const left = this.#queue.nextDue === undefined ? 'nothing is left to happen' : 'time is up'
      throw this.#failure(`${left}, and what was awaited is not there after ${maxTime} ms`)
    })
  }

  /** Lets `ms` pass. */
  async runFor(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.run({ maxTime: ms })
    this.#now = Math.max(this.#now, end)
  }

  /** Runs until `promise` settles, and gives its value or throws its error. */
  async settle<T>(promise: Promise<T>, maxTime?: number): Promise<T> {
    let settled = false
    const mark = () => {
      settled = true
    }
    promise.then(mark, mark)
    await this.run({ until: () => settled, ...(maxTime === undefined ? {} : { maxTime }) })
    return promise
  }

  /** Collects what goes uncaught for as long as `action` runs. */
  async #guarded<T>(action: () => Promise<T>): Promise<T> {
    if (this.#release !== undefined) return action()
    this.#release = this.#host.capture((error) => this.#caught(error))
    try {
      return await action()
    } finally {
      this.#release()
      this.#release = undefined
    }
  }

  async #step(limit: number): Promise<boolean> {
    while ((this.#queue.nextDue ?? Number.POSITIVE_INFINITY) <= limit) {
      const event = this.#queue.take(this.prng, this.options.jitter)
      if (event === undefined) break
      this.#now = Math.max(this.#now, event.due)
      if (!this.#mayRun(event)) continue
      await this.#execute(event)
      return true
    }
    return false
  }

  #mayRun(event: SimulatedEvent): boolean {
    const { context } = event
    if (context?.alive === false || event.valid?.() === false) {
      event.done?.()
      return false
    }
    if (context === null) return true
    if (context.life !== 'running') {
      context.hold(event)
      return false
    }
    if (context.busyUntil > this.#now) {
      event.due = context.busyUntil
      this.#queue.add(event)
      return false
    }
    return true
  }

  async #execute(event: SimulatedEvent): Promise<void> {
    this.trace.add(this.#now, event.context?.name ?? 'browser', event.what)
    this.#current = event.context
    try {
      event.run()
    } catch (error) {
      this.#caught(error)
    }
    await this.#host.drain()
    event.context?.finishEvent()
    this.#current = null
    event.done?.()
  }

  #caught(error: unknown): void {
    const context = this.#current?.name ?? 'browser'
    this.errors.push({ time: this.#now, context, error })
    this.trace.add(this.#now, context, `uncaught ${String(error)}`)
  }

  #failOnErrors(): void {
    const [first] = this.errors
    if (first !== undefined)
      throw this.#failure(`uncaught in ${first.context}: ${String(first.error)}`, first.error)
  }

  #failure(reason: string, cause?: unknown): SimulationError {
    return new SimulationError(this.seed, reason, this.trace.print(60), cause)
  }
}

/** A new world; `seed` decides everything that happens in it. */
export function createSimulation({
  seed,
  host = nodeHost(),
  ...options
}: { readonly seed: number; readonly host?: Host } & Partial<SimulationOptions>): Simulation {
  return new Simulation(seed, options, host)
}
