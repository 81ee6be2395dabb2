/** A run that did not end well. The message carries the seed and the last events. */
export class SimulationError extends Error {
  readonly seed: number
  constructor(seed: number, reason: string, trace: string, cause?: unknown) {
    super(`seed ${seed}: ${reason}\n${trace}`, cause === undefined ? undefined : { cause })
    this.name = 'SimulationError'
    this.seed = seed
  }
}
