/** How an operation fails. `short` and `absurd` return a wrong count without throwing, as OPFS does. */
export type DiskFault = 'throw' | 'full' | 'short' | 'absurd'

export type DiskOperation = 'read' | 'write' | 'truncate' | 'flush' | 'remove'

/** What Chromium returned for a write into a full quota. */
const ABSURD_COUNT = 4294967288

interface Plan {
  readonly at: number
  readonly fault: DiskFault
  readonly lasting: boolean
  readonly only: DiskOperation | undefined
}

/** Decides which operations of a disk fail. */
export class DiskFaults {
  #count = 0
  #plan: Plan | undefined

  /** How many operations there were. */
  get operations(): number {
    return this.#count
  }

  /**
   * Lets the `n`-th operation from now fail (1 is the next), and with `lasting` all that follow; with `only`
   * all but one kind of operation pass.
   */
  failAt(
    n: number,
    fault: DiskFault,
    { lasting = false, only }: { lasting?: boolean; only?: DiskOperation } = {},
  ): void {
    this.#plan = { at: this.#count + n, fault, lasting, only }
  }

  /** All operations succeed again. */
  heal(): void {
    this.#plan = undefined
  }

  /**
   * Counts one operation. Returns how many of its `length` bytes go through and what count is
   * returned for them.
   * @throws {DOMException} when the operation is to fail with one.
   */
  pass(operation: DiskOperation, length: number): { readonly bytes: number; readonly count: number } {
    this.#count++
    const fault = this.#due(operation)
    const counted = operation === 'read' || operation === 'write'
    if (fault === undefined) return { bytes: length, count: length }
    if (fault === 'full') throw new DOMException('the simulated disk is full', 'QuotaExceededError')
    if (fault === 'throw' || !counted)
      throw new DOMException(`simulated failure of ${operation}`, 'UnknownError')
    const bytes = fault === 'short' ? Math.floor(length / 2) : 0
    return { bytes, count: fault === 'short' ? bytes : ABSURD_COUNT }
  }

  #due(operation: DiskOperation): DiskFault | undefined {
    const plan = this.#plan
    if (plan === undefined || (plan.only ?? operation) !== operation) return undefined
    return this.#count === plan.at || (plan.lasting && this.#count > plan.at) ? plan.fault : undefined
  }
}
