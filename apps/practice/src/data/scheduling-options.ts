import type { Reader } from './db.ts'

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
export async function schedulingOptions(reader: Reader, userRef: string): Promise<SchedulingOptions> {
  const row = await reader.get<SchedulingOptions>(
    `select
       coalesce(o.max_reviews_per_day, 10) as maxReviewsPerDay,
       coalesce(o.acceptable_delinquency_window, 7) as acceptableDelinquencyWindow,
       coalesce(o.request_retention, 0.9) as requestRetention,
       u.time_zone as timeZone
     from user_profile as u left join scheduling_options as o on o.user_ref = u.id
     where u.id = ?`,
    [userRef],
  )
  if (row === undefined) throw new Error(`There is no profile for user ${userRef}: sign in again.`)
  return row
}
