import type { DayWindow } from '../queue/day-window.ts'
import type { Rating } from '../review/rating.ts'
import type { ReviewState } from '../review/review-state.ts'
import type { Scheduler } from '../review/scheduler.ts'
import type { DemoTune } from './demo-users.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A past review, oldest first, with the answer that led to it. */
export interface PastReview extends ReviewState {
  readonly quality: Rating
}

/**
 * The reviews that a demo tune has behind it. The scheduler is asked as if each answer had been given on the
 * day it asked for; then the whole history is moved so that its last due date falls where the demo wants it.
 */
export function demoHistory(tune: DemoTune, today: DayWindow, scheduler: Scheduler): PastReview[] {
  const reviews: PastReview[] = []
  let prior: ReviewState | null = null
  let at = 0
  for (const answer of tune.answers) {
    prior = scheduler.review(prior, answer, new Date(at))
    reviews.push({ ...prior, quality: answer })
    at = Date.parse(prior.due)
  }
  // Half past six in the evening keeps clear of midnight in the user's zone.
  const wanted = Date.parse(today.startUtc) + tune.dueInDays * DAY_MS + 18.5 * HOUR_MS
  const shift = (instant: string): string => new Date(Date.parse(instant) + wanted - at).toISOString()
  return reviews.map((review) => ({
    ...review,
    practiced: shift(review.practiced),
    due: shift(review.due),
  }))
}
