import type { Report } from './measure.ts'

const LONGEST = 120

/** Each kind of error once, and how often it came. */
export function noteErrors(report: Report, errors: readonly string[]): void {
  const counts = new Map<string, number>()
  for (const error of errors) {
    const kind = error.split('\n')[0]?.slice(0, LONGEST) ?? ''
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  for (const [kind, count] of counts) report.note(`${count} × ${kind}`)
}
