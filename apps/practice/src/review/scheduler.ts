import { type Card, createEmptyCard, FSRS } from 'ts-fsrs'
import type { Rating } from './rating.ts'
import type { ReviewState } from './review-state.ts'

/** Says when a tune is due after each answer. Pure: the same answer gives the same date in every tab. */
export interface Scheduler {
  /** @param prior the tune's latest practice record, or null for a new tune */
  review(prior: ReviewState | null, rating: Rating, now: Date): ReviewState
}

/**
 * FSRS in whole days. Its steps within a day are off, because the queue is made once a day, and so is its
 * fuzz, because two tabs must show the same date.
 *
 * @param requestRetention the share of tunes to be remembered at their due date, 0.7 to 0.99
 */
export function createScheduler(requestRetention: number): Scheduler {
  const fsrs = new FSRS({
    request_retention: requestRetention,
    enable_fuzz: false,
    enable_short_term: false,
  })
  return {
    review(prior, rating, now) {
      const { card } = fsrs.next(prior === null ? createEmptyCard(now) : toCard(prior), now, rating)
      return {
        practiced: now.toISOString(),
        state: card.state,
        stability: card.stability,
        difficulty: card.difficulty,
        scheduledDays: card.scheduled_days,
        repetitions: card.reps,
        lapses: card.lapses,
        due: card.due.toISOString(),
      }
    },
  }
}

function toCard(prior: ReviewState): Card {
  return {
    due: new Date(prior.due),
    stability: prior.stability,
    difficulty: prior.difficulty,
    elapsed_days: 0,
    scheduled_days: prior.scheduledDays,
    learning_steps: 0,
    reps: prior.repetitions,
    lapses: prior.lapses,
    state: prior.state,
    last_review: new Date(prior.practiced),
  }
}
