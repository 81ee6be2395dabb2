import type { Db, Scope } from '../data/db.ts'
import { deterministicId } from '../data/deterministic-id.ts'
import { schedulingOptions } from '../data/scheduling-options.ts'
import type { Rating } from './rating.ts'
import type { ReviewState } from './review-state.ts'
import { createScheduler } from './scheduler.ts'

/** The tune was submitted, here or in another tab, before this evaluation arrived. */
export class AlreadySubmittedError extends Error {
  override readonly name = 'AlreadySubmittedError'
  readonly code = 'already-submitted'

  constructor() {
    super('This tune was already submitted today. Undo the submit to change its evaluation.')
  }
}

/**
 * Stages an evaluation, with the schedule that would follow from it, in place of an earlier one. It reads the
 * latest record and writes in one transaction: otherwise an evaluation on its way while another tab
 * submits would be scheduled from a record that is no longer the latest.
 *
 * @throws AlreadySubmittedError where the tune's row of the active queue is completed
 */
export async function stageEvaluation(
  db: Db,
  scope: Scope,
  tuneRef: string,
  rating: Rating,
  now: Date,
): Promise<void> {
  const keys = { user: scope.userRef, playlist: scope.playlistRef, tune: tuneRef }
  await db.transaction(async (tx) => {
    const queued = await tx.get<{ completed: number }>(
      `select completed_at is not null as completed from daily_practice_queue
       where user_ref = $user and playlist_ref = $playlist and tune_ref = $tune and active = 1`,
      keys,
    )
    if (queued?.completed === 1) throw new AlreadySubmittedError()
    const prior = await tx.get<ReviewState & { id: string }>(
      `select id, practiced, state, stability, difficulty, scheduled_days as scheduledDays, repetitions, lapses, due
       from practice_record where playlist_ref = ? and tune_ref = ? order by practiced desc limit 1`,
      [scope.playlistRef, tuneRef],
    )
    const { requestRetention } = await schedulingOptions(tx, scope.userRef)
    const next = createScheduler(requestRetention).review(prior ?? null, rating, now)
    await tx.run(
      `insert or replace into table_transient_data
         (user_ref, playlist_ref, tune_ref, record_id, practiced, quality, state, stability, difficulty,
          scheduled_days, repetitions, lapses, due, prior_record_ref)
       values ($user, $playlist, $tune, $record, $practiced, $quality, $state, $stability, $difficulty,
          $scheduledDays, $repetitions, $lapses, $due, $prior)`,
      {
        ...keys,
        ...next,
        record: deterministicId('record', scope.userRef, scope.playlistRef, tuneRef, next.practiced),
        quality: rating,
        prior: prior?.id ?? null,
      },
    )
  })
}

/** Takes a staged evaluation back. */
export async function clearEvaluation(db: Db, scope: Scope, tuneRef: string): Promise<void> {
  await db.run('delete from table_transient_data where user_ref = ? and playlist_ref = ? and tune_ref = ?', [
    scope.userRef,
    scope.playlistRef,
    tuneRef,
  ])
}
