import type { PageClock } from '../page-environment.ts'

interface Alarm {
  readonly at: number
  readonly callback: () => void
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements PageClock {
  #now = 1000
  #alarms: Alarm[] = []

  mono(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): { cancel: () => void } {
    const alarm = { at: this.#now + ms, callback }
    this.#alarms.push(alarm)
    return { cancel: () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm)) }
  }

  /** Timers that are set and not over: what a test expects to be none in the end. */
  get pending(): number {
    return this.#alarms.length
  }

  /** Lets time pass, with each timer at its moment. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at)
      this.#fire(next)
    }
    this.#now = end
  }

  /** As in a tab that wakes: all this time has passed before the first timer is called. */
  sleep(ms: number): void {
    this.#now += ms
    const due = this.#alarms.filter(({ at }) => at <= this.#now)
    for (const alarm of due) this.#fire(alarm)
  }

  #next(end: number): Alarm | undefined {
    return this.#alarms.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
  }

  #fire(alarm: Alarm): void {
    this.#alarms = this.#alarms.filter((other) => other !== alarm)
    alarm.callback()
  }
}
