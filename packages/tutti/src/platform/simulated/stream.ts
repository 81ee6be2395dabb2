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
    const { due, context, what, missable = false, valid = always, run } = event
    // One shape for all of them: a world runs through a thousand events in a hundredth of a second.
    this.#waiting.push({ due, context, what, missable, valid, run, done: this.#advance })
    if (!this.#busy) this.#next()
  }

  /** Lets a stream that was made paused go on. */
  start(): void {
    this.#paused = false
    if (!this.#busy) this.#next()
  }

  readonly #advance = (): void => {
    this.#busy = false
    this.#next()
  }

  #next(): void {
    if (this.#paused) return
    const event = this.#waiting.shift()
    if (event === undefined) return
    this.#busy = true
    if (event.due < this.#world.now) event.due = this.#world.now
    this.#world.schedule(event)
  }
}

function always(): boolean {
  return true
}
