/** `ms` as a person reads it: "0.4 ms", "12 ms", "3.2 s". */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${ms.toFixed(0)} ms`
  return `${(ms / 1000).toFixed(1)} s`
}
