import { SimulatedContext } from './context.ts'
import type { Simulation } from './simulation.ts'

const HIDDEN_TIMER_GRID = 1000

/** A tab: a page and its workers, which live and die together. */
export class SimulatedTab {
  readonly name: string
  readonly #world: Simulation
  readonly #contexts = new Map<string, SimulatedContext>()
  #started = 0
  #throttled = false

  constructor(world: Simulation, name: string) {
    this.#world = world
    this.name = name
  }

  get contexts(): readonly SimulatedContext[] {
    return [...this.#contexts.values()].filter((context) => context.alive)
  }

  get alive(): boolean {
    return this.contexts.length > 0
  }

  /** The living context of that role (`page`, `member`, `primary`); a new one where there is none. */
  context(role: string): SimulatedContext {
    const known = this.#contexts.get(role)
    if (known?.alive === true) return known
    this.#started++
    const name = known === undefined ? `${this.name}/${role}` : `${this.name}/${role}#${this.#started}`
    const context = new SimulatedContext(this.#world, this, role, name)
    this.#contexts.set(role, context)
    this.#world.contexts.push(context)
    return context
  }

  kill(): void {
    for (const context of this.contexts) context.kill()
  }

  freeze(): void {
    for (const context of this.contexts) context.freeze()
  }

  /** Into the back/forward cache. */
  suspend(options: { dropLocks?: boolean } = {}): void {
    for (const context of this.contexts) context.suspend(options)
  }

  resume(): void {
    for (const context of this.contexts) context.resume()
  }

  slow(ms: number): void {
    for (const context of this.contexts) context.slow(ms)
  }

  /** A hidden tab's timers fire once a second only. Holds for timers set from now on. */
  throttle(on: boolean): void {
    this.#throttled = on
  }

  /** For its contexts: when a timer that was set for world time `wanted` fires at the soonest. */
  timerDue(wanted: number): number {
    return this.#throttled ? Math.ceil(wanted / HIDDEN_TIMER_GRID) * HIDDEN_TIMER_GRID : wanted
  }
}
