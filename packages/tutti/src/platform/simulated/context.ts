import type { Clock, Platform, Random, Timer } from '../platform.ts'
import { openChannel } from './channels.ts'
import type { SimulatedEvent } from './event-queue.ts'
import type { Prng } from './prng.ts'
import type { Simulation } from './simulation.ts'
import type { SimulatedTab } from './tab.ts'

/** `suspended` is the back/forward cache: as frozen, but what others broadcast meanwhile is missed. */
export type Life = 'running' | 'frozen' | 'suspended' | 'dead'

/** The least time that one turn of the event loop takes, ms. */
const TURN = 0.01

/** One event loop: a page or one of its workers. What it sees of the world is its `platform`. */
export class SimulatedContext {
  readonly world: Simulation
  readonly tab: SimulatedTab
  /** `page`, `member`, `primary`: what it is in its tab. */
  readonly role: string
  /** The one name of this context: `A/member`, `A/primary#3`. */
  readonly name: string
  readonly platform: Platform
  readonly prng: Prng
  readonly #origin: number
  readonly #deathListeners: (() => void)[] = []
  #life: Life = 'running'
  /** Events that came while it could not run. */
  #held: SimulatedEvent[] = []
  /** How far synchronous work of the present event has taken this context past the world's time. */
  #ahead = 0
  #busyUntil = 0
  #slowness = 0
  /** World time of death. */
  #diedAt = Number.POSITIVE_INFINITY

  constructor(world: Simulation, tab: SimulatedTab, role: string, name: string) {
    this.world = world
    this.tab = tab
    this.role = role
    this.name = name
    this.prng = world.prng.fork()
    this.#origin = this.prng.below(10_000_000) / 10
    this.platform = {
      locks: world.locks.forContext(this),
      channels: { open: (channel, onMessage) => openChannel(this, channel, onMessage) },
      clock: this.#clock(),
      random: this.#random(),
    }
  }

  get life(): Life {
    return this.#life
  }

  get alive(): boolean {
    return this.#life !== 'dead'
  }

  get diedAt(): number {
    return this.#diedAt
  }

  get busyUntil(): number {
    return this.#busyUntil
  }

  /** World time as this context's synchronous work has reached it. */
  get now(): number {
    return this.world.now + this.#ahead
  }

  /** Runs `action` in this context as an event of its own, after `delay` ms. */
  run(what: string, action: () => void, delay = 0): void {
    this.world.schedule({ due: this.now + delay, context: this, what, run: action })
  }

  /**
   * Synchronous work of `ms` within the present event: this context's clocks go on, what it posts
   * leaves later, and its next event waits, while the rest of the world goes on.
   */
  spend(ms: number): void {
    this.#ahead += ms
  }

  /** From now on each event keeps it busy for up to `ms` (0 ends that). */
  slow(ms: number): void {
    this.#slowness = ms
  }

  /** Dies at once, with its timers, its waiting messages and requests; its locks and files go late. */
  kill(): void {
    if (!this.alive) return
    this.#life = 'dead'
    this.#diedAt = this.world.now
    this.#held = []
    this.world.trace.add(this.world.now, this.name, 'killed')
    for (const listener of this.#deathListeners) listener()
    this.world.locks.contextDied(this)
  }

  /** Stops its event loop; locks and files stay held. */
  freeze(): void {
    this.#stop('frozen')
  }

  /** Into the back/forward cache. WebKit drops the locks of such a page, others keep them. */
  suspend(options: { dropLocks?: boolean } = {}): void {
    this.#stop('suspended')
    if (options.dropLocks === true && this.alive) this.world.locks.drop(this)
  }

  /** Out of either; what it did not miss happens now. */
  resume(): void {
    if (this.#life !== 'frozen' && this.#life !== 'suspended') return
    this.#life = 'running'
    this.world.trace.add(this.world.now, this.name, 'resumed')
    const held = this.#held
    this.#held = []
    for (const event of held) {
      event.due = this.world.now
      this.world.schedule(event)
    }
  }

  onDeath(listener: () => void): void {
    this.#deathListeners.push(listener)
  }

  /** For the world: an event came that cannot run now. */
  hold(event: SimulatedEvent): void {
    if (this.#life === 'suspended' && event.missable === true) event.done?.()
    else this.#held.push(event)
  }

  /** For the world: the present event and its microtasks are over. */
  finishEvent(): void {
    const slowness = this.#slowness === 0 ? 0 : this.prng.number() * this.#slowness
    this.#busyUntil = this.world.now + this.#ahead + slowness
    this.#ahead = 0
  }

  #stop(life: 'frozen' | 'suspended'): void {
    if (!this.alive) return
    this.#life = life
    this.world.trace.add(this.world.now, this.name, life)
  }

  #clock(): Clock {
    return {
      mono: () => this.#origin + this.now,
      wall: () => this.world.wallAt(this.now),
      after: (ms, callback) => this.#after(ms, callback),
      turn: () => new Promise((resolve) => this.#turn(resolve)),
    }
  }

  /** Past the reach of the jitter, so that whatever is due by now comes first. */
  #turn(callback: () => void): void {
    if (this.alive) this.run('turn', callback, this.world.options.jitter + TURN)
  }

  #after(ms: number, callback: () => void): Timer {
    const wanted = this.now + Math.max(0, ms)
    const event: SimulatedEvent = {
      due: this.tab.timerDue(wanted) + this.prng.delay(this.world.options.timerLateness),
      context: this,
      what: `timer ${ms}`,
      valid: () => !cancelled,
      run: callback,
    }
    let cancelled = false
    if (this.alive) this.world.schedule(event)
    return {
      cancel: () => {
        cancelled = true
        this.world.unschedule(event)
      },
    }
  }

  #random(): Random {
    const word = () => this.prng.uint32().toString(16).padStart(8, '0')
    return {
      id: () => word() + word() + word() + word(),
      number: () => this.prng.number(),
    }
  }
}
