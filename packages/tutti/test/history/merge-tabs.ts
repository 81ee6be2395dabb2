import type { HistoryRecord } from './history.ts'

/** Wall clocks of two renderers on one machine agree to within so many ms. */
export const SKEW = 5

/**
 * One history of what several tabs took down, each by its own clock, none of which is off by more than `skew`.
 * The order of the lines is what a history is judged by, so each call is made longer by `skew` on both sides:
 * what one line then puts after another was truly after it, and what only may have been counts as at the
 * same time. The lines of one tab keep the order of its invocations, and that of its answers.
 */
export function mergeTabs(records: readonly HistoryRecord[], skew = SKEW): HistoryRecord[] {
  return records
    .map((record) => ({ record, place: record.kind === 'invoke' ? record.t - skew : record.t + skew }))
    .sort((a, b) => a.place - b.place || rank(a.record) - rank(b.record))
    .map(({ record }) => record)
}

/** At the same instant calls overlap: neither is before the other. */
function rank({ kind }: HistoryRecord): number {
  return kind === 'invoke' ? 0 : 1
}
