import type { RecordingVerdict } from '../../packages/tutti/test/history/judge-recording.ts'

/** What a soak did, counted while it runs. */
export class SoakSummary {
  readonly #faults = new Map<string, number>()
  readonly #errors = new Map<string, number>()
  readonly #rounds = new Map<string, number>()
  #answered = 0

  fault(name: string): void {
    count(this.#faults, name)
  }

  /** A round ended without a violation. */
  judged(rung: string, { answered, failed }: RecordingVerdict): void {
    count(this.#rounds, rung)
    this.#answered += answered
    for (const { code, op, outcome } of failed) count(this.#errors, `${op} ${code} ${outcome ?? ''}`.trim())
  }

  /** Some lines for people. */
  toString(): string {
    return [
      `rounds without a violation: ${list(this.#rounds)}`,
      `calls answered: ${this.#answered}`,
      `calls that ended in a typed error: ${list(this.#errors)}`,
      `faults: ${list(this.#faults)}`,
    ].join('\n')
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function list(counts: ReadonlyMap<string, number>): string {
  const total = Array.from(counts.values()).reduce((sum, number) => sum + number, 0)
  const parts = Array.from(counts, ([name, number]) => `${name}: ${number}`).toSorted()
  return parts.length === 0 ? '0' : `${total} (${parts.join('; ')})`
}
