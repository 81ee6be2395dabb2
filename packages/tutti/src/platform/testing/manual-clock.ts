import type { Clock, Timer } from '../platform.ts'

interface Alarm {
  readonly at: number
  readonly callback: () => void
}

/** A clock that goes on when a test says so. */
export class ManualClock implements Clock {
  #mono: number
  #wall = 1_700_000_000_000
  #alarms: Alarm[] = []

  /** @param origin where its monotonic time begins */
  constructor(origin = 0) {
    this.#mono = origin
  }

  mono(): number {
    return this.#mono
  }

  wall(): number {
    return this.#wall
  }

  after(ms: number, callback: () => void): Timer {
    const alarm = { at: this.#mono + ms, callback }
    this.#alarms.push(alarm)
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm)
      },
    }
  }

  turn(): Promise<void> {
    return Promise.resolve()
  }

  /** Lets `ms` pass, with all timers that are due meanwhile, in their order. */
  pass(ms: number): void {
    const end = this.#mono + ms
    for (;;) {
      const due = this.#alarms.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#alarms = this.#alarms.filter((other) => other !== due)
      this.#advance(Math.max(0, due.at - this.#mono))
      due.callback()
    }
    this.#advance(end - this.#mono)
  }

  /** Lets `ms` pass as they do for a process that is stopped: timers that were due run late, when it goes on. */
  stop(ms: number): void {
    this.#advance(ms)
    this.pass(0)
  }

  /** Moves the wall clock alone. */
  jump(ms: number): void {
    this.#wall += ms
  }

  #advance(ms: number): void {
    this.#mono += ms
    this.#wall += ms
  }
}
