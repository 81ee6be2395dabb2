/** So long a visit stays with one thing, ms: of what takes longer there are fewer samples, but some. */
const BUDGET = 4_000
const LEAST = 3

/**
 * Calls one after the other, each awaited.
 *
 * @param n how many samples at most
 * @param each of how many calls each sample is the mean: a page's clock ticks every 0.1 ms
 * @returns milliseconds a call
 */
export async function timeEach(n: number, each: number, call: (i: number) => unknown): Promise<number[]> {
  const samples: number[] = []
  const end = performance.now() + BUDGET
  for (let sample = 0; sample < n && (sample < LEAST || performance.now() < end); sample++) {
    const from = performance.now()
    for (let i = 0; i < each; i++) await call(sample * each + i)
    samples.push((performance.now() - from) / each)
  }
  return samples
}
