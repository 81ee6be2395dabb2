import { eq, sql } from 'drizzle-orm'
import type { Queries } from './db.ts'
import { schedulingOptions as options, userProfile } from './schema.ts'

export interface SchedulingOptions {
  readonly maxReviewsPerDay: number
  /** Days after its due date during which a tune counts as recently lapsed. */
  readonly acceptableDelinquencyWindow: number
  /** The share of tunes FSRS aims to have remembered at their due date. */
  readonly requestRetention: number
  /** IANA name. */
  readonly timeZone: string
}

/** The user's scheduling options with the zone of the profile; defaults where the user never set any. */
export function schedulingOptionsQuery(db: Queries, userRef: string) {
  return db
    .select({
      maxReviewsPerDay: sql<number>`coalesce(${options.maxReviewsPerDay}, 10)`,
      acceptableDelinquencyWindow: sql<number>`coalesce(${options.acceptableDelinquencyWindow}, 7)`,
      requestRetention: sql<number>`coalesce(${options.requestRetention}, 0.9)`,
      timeZone: userProfile.timeZone,
    })
    .from(userProfile)
    .leftJoin(options, eq(options.userRef, userProfile.id))
    .where(eq(userProfile.id, userRef))
}

/** @throws Error where there is no such user */
export async function schedulingOptions(db: Queries, userRef: string): Promise<SchedulingOptions> {
  const row = await schedulingOptionsQuery(db, userRef).get()
  if (row === undefined) throw new Error(`There is no profile for user ${userRef}: sign in again.`)
  return row
}
