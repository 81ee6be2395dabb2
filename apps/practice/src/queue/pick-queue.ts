import type { DayWindow } from './day-window.ts'

/** Why a tune is in the queue, in the order in which the queue is filled. */
export type Bucket = 1 | 2 | 3 | 4

export const bucketName: Readonly<Record<Bucket, string>> = {
  1: 'Due today',
  2: 'Recently lapsed',
  3: 'New',
  4: 'Long lapsed',
}

/** A tune of the playlist that the queue does not hold yet. */
export interface Candidate {
  readonly tuneRef: string
  readonly title: string
  /** When it was added to the playlist: the order of new tunes. */
  readonly addedAt: string
  /** When its latest practice record says it is due; null for a tune never practised. */
  readonly due: string | null
}

export interface Pick {
  readonly tuneRef: string
  readonly bucket: Bucket
}

/**
 * The candidates that the queue of this day takes, in queue order, at most `limit`. It depends on its
 * arguments alone: whichever tab makes the queue makes the same one.
 *
 * @param delinquentSince start of the delinquency window: a tune due before it has lapsed long ago
 */
export function pickQueue(
  candidates: readonly Candidate[],
  day: DayWindow,
  delinquentSince: string,
  limit: number,
): Pick[] {
  const buckets: Record<Bucket, Candidate[]> = { 1: [], 2: [], 3: [], 4: [] }
  for (const candidate of new Map(candidates.map((each) => [each.tuneRef, each])).values()) {
    const bucket = bucketOf(candidate, day, delinquentSince)
    if (bucket !== undefined) buckets[bucket].push(candidate)
  }
  buckets[1].sort(ascending((each) => each.due ?? ''))
  buckets[2].sort(ascending((each) => each.due ?? '')).reverse()
  buckets[3].sort(ascending((each) => each.addedAt))
  buckets[4].sort(ascending((each) => each.due ?? ''))
  return ([1, 2, 3, 4] as const)
    .flatMap((bucket) => buckets[bucket].map(({ tuneRef }) => ({ tuneRef, bucket })))
    .slice(0, Math.max(0, limit))
}

function bucketOf(candidate: Candidate, day: DayWindow, delinquentSince: string): Bucket | undefined {
  if (candidate.due === null) return 3
  if (candidate.due >= day.endUtc) return undefined
  if (candidate.due >= day.startUtc) return 1
  return candidate.due >= delinquentSince ? 2 : 4
}

/** Ties are broken by title and id, compared by code unit: no tab's locale may change the order. */
function ascending(key: (candidate: Candidate) => string): (a: Candidate, b: Candidate) => number {
  const order = (candidate: Candidate): string[] => [key(candidate), candidate.title, candidate.tuneRef]
  return (a, b) => {
    const left = order(a)
    const right = order(b)
    const at = left.findIndex((part, i) => part !== right[i])
    if (at === -1) return 0
    return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1
  }
}
