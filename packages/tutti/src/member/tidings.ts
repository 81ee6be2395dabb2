import type { Clock, Timer } from '../platform/platform.ts'
import type { ChangeSet } from '../protocol/values.ts'
import type { Change } from './feed.ts'
import type { Committed } from './requests.ts'

/**
 * How long what was missed waits for the answers that say which of it was this tab's own, ms: longer than a
 * new epoch waits before its first answer (R8).
 */
const PATIENCE = 1000

/** Of versions whose change sets never came. */
const MISSED: ChangeSet = { all: true, tables: {} }

/** Versions of which this tab was told nothing. */
interface Gap {
  readonly from: number
  readonly to: number
}

export interface TidingsOptions {
  readonly clock: Clock
  readonly member: string
  /** Requests that may have committed and are not answered, by number. */
  readonly unanswered: () => readonly number[]
  readonly tell: (change: Change) => void
}

/**
 * What is told of commits that can be read, in order. A commit of which nothing came, because its primary
 * died first or this tab was away, is told as a change of everything. Whose it was is unknown then, unless
 * it was this tab's: the answer to that write says so. Such answers come with the first word of the next
 * epoch, and for so long what was missed waits for them.
 */
export class Tidings {
  readonly #options: TidingsOptions
  #waiting: (Change | Gap)[] = []
  /** Requests that may turn out to have made what was missed. */
  readonly #doubts = new Set<number>()
  #timer: Timer | undefined
  #whenTold: (() => void)[] = []

  constructor(options: TidingsOptions) {
    this.#options = options
  }

  /** False while something waits to be told. */
  get told(): boolean {
    return this.#waiting.length === 0
  }

  async whenTold(): Promise<void> {
    while (!this.told) await new Promise<void>((resolve) => this.#whenTold.push(resolve))
  }

  changed(change: Change): void {
    if (this.told) this.#options.tell(change)
    else this.#waiting.push(change)
  }

  missed(from: number, to: number): void {
    this.#waiting.push({ from, to })
    for (const seq of this.#options.unanswered()) this.#doubts.add(seq)
    if (this.#doubts.size === 0) this.#tellAll()
    else this.#timer ??= this.#options.clock.after(PATIENCE, () => this.#tellAll())
  }

  /** A request has ended. To be called before the page learns of it, whom its change is told first. */
  ended(seq: number, committed: Committed | undefined): void {
    if (!this.#doubts.delete(seq)) return
    if (committed !== undefined) this.#tellOwn(committed)
    if (this.told || this.#doubts.size === 0) this.#tellAll()
  }

  close(): void {
    this.#timer?.cancel()
  }

  /** Tells what came up to a commit of this tab: its writes are answered in the order of their commits. */
  #tellOwn({ version, cause }: Committed): void {
    for (let next = this.#next(version); next !== undefined; next = this.#next(version)) {
      if (!('to' in next) || next.to < version) this.#tell(next)
      else {
        if (next.from < version) this.#tell({ from: next.from, to: version - 1 })
        this.#options.tell({ version, changes: MISSED, by: this.#options.member, cause })
        if (next.to > version) this.#waiting.unshift({ from: version + 1, to: next.to })
      }
    }
  }

  /** Takes the next that waits, if it begins no later than `version`. */
  #next(version: number): Change | Gap | undefined {
    const [next] = this.#waiting
    if (next === undefined || ('to' in next ? next.from : next.version) > version) return undefined
    return this.#waiting.shift()
  }

  #tellAll(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#doubts.clear()
    for (const next of this.#waiting.splice(0)) this.#tell(next)
    for (const resolve of this.#whenTold.splice(0)) resolve()
  }

  #tell(next: Change | Gap): void {
    this.#options.tell('to' in next ? { version: next.to, changes: MISSED, by: '' } : next)
  }
}
