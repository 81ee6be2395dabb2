/**
 * Calls one after the other, each awaited.
 *
 * @param n how many samples
 * @param each of how many calls each sample is the mean: a page's clock ticks every 0.1 ms
 * @returns milliseconds a call
 */
export async function timeEach(n: number, each: number, call: (i: number) => unknown): Promise<number[]> {
  const samples: number[] = []
  for (let sample = 0; sample < n; sample++) {
    const from = performance.now()
    for (let i = 0; i < each; i++) await call(sample * each + i)
    samples.push((performance.now() - from) / each)
  }
  return samples
}
