import type { SimulatedEvent } from './event-queue.ts'
import type { Simulation } from './simulation.ts'

/**
 * Events that happen one after the other, in the order in which they were added, whatever their
 * delays: only the first of them stands in the world's queue.
 */
export class Stream {
  readonly #world: Simulation
  readonly #waiting: SimulatedEvent[] = []
  #busy = false
  #paused: boolean

  constructor(world: Simulation, paused = false) {
    this.#world = world
    this.#paused = paused
  }

  add(event: Omit<SimulatedEvent, 'done'>): void {
    this.#waiting.push({ ...event, done: () => this.#advance() })
    if (!this.#busy) this.#next()
  }

  /** Lets a stream that was made paused go on. */
  start(): void {
    this.#paused = false
    if (!this.#busy) this.#next()
  }

  #advance(): void {
    this.#busy = false
    this.#next()
  }

  #next(): void {
    if (this.#paused) return
    const event = this.#waiting.shift()
    if (event === undefined) return
    this.#busy = true
    event.due = Math.max(event.due, this.#world.now)
    this.#world.schedule(event)
  }
}
