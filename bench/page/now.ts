/** Milliseconds by the same clock in all tabs. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
