export interface TraceEntry {
  /** World time, ms. */
  readonly time: number
  /** Where it happened: `A/member`, or `browser`. */
  readonly context: string
  readonly what: string
}

const PRIME = 0x01000193
const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)

/** What happened, for a failing seed to be read, and a hash of it, for two runs to be compared. */
export class Trace {
  readonly #limit: number
  #entries: TraceEntry[] = []
  #hash = 0x811c9dc5

  /** Keeps between `limit` and twice as many of the last entries. */
  constructor(limit = 5000) {
    this.#limit = limit
  }

  get entries(): readonly TraceEntry[] {
    return this.#entries
  }

  /** FNV-1a, of characters and words, of all entries since the start, also of those no longer kept. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }

  add(time: number, context: string, what: string): void {
    this.#mixNumber(time)
    this.#mix(context)
    this.#mix(what)
    this.#entries.push({ time, context, what })
    if (this.#entries.length > 2 * this.#limit) this.#entries = this.#entries.slice(-this.#limit)
  }

  /** The last `count` entries, one a line. */
  print(count = 100): string {
    return this.#entries
      .slice(-count)
      .map(({ time, context, what }) => `${time.toFixed(3).padStart(11)} ${context.padEnd(14)} ${what}`)
      .join('\n')
  }

  #mix(text: string): void {
    let hash = this.#hash
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
    this.#hash = hash
  }

  #mixNumber(number: number): void {
    DOUBLE[0] = number
    for (const word of WORDS) this.#hash = Math.imul(this.#hash ^ word, PRIME)
  }
}
