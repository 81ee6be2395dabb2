import type { Db, Reader, Scope } from '../data/db.ts'

/** Columns that a staged evaluation and a practice record share, in one order for both directions. */
const SHARED = `user_ref, playlist_ref, tune_ref, practiced, quality, state, stability, difficulty,
  scheduled_days, repetitions, lapses, due, prior_record_ref`

const STAGED = 'from table_transient_data where user_ref = $user and playlist_ref = $playlist'

/** The tables whose changes can change the last submission. */
export const submissionTables = ['practice_submission', 'daily_practice_queue'] as const

export interface Submission {
  readonly id: string
  readonly submittedAt: string
  readonly records: number
}

/**
 * Turns everything staged into practice records, completes their rows of the queue, and clears the stage,
 * in one transaction. The records are made from the staged rows, which go in the same transaction: when two
 * tabs submit at once, the second finds nothing staged and records nothing.
 *
 * @param submissionId a fresh id, under which this submit can be undone
 * @returns how many practice records were made
 */
export async function submitStaged(db: Db, scope: Scope, submissionId: string, now: Date): Promise<number> {
  const keys = { user: scope.userRef, playlist: scope.playlistRef }
  return db.transaction(async (tx) => {
    const submitted = await tx.run(
      `insert into practice_submission (id, user_ref, playlist_ref, window_start_utc, submitted_at)
       select $id, $user, $playlist, (
         select max(window_start_utc) from daily_practice_queue
         where user_ref = $user and playlist_ref = $playlist and active = 1
       ), $now
       where exists (select 1 ${STAGED})`,
      { ...keys, id: submissionId, now: now.toISOString() },
    )
    if (submitted.changes === 0) return 0
    const records = await tx.run(
      `insert into practice_record (id, submission_ref, ${SHARED}) select record_id, $id, ${SHARED} ${STAGED}`,
      { ...keys, id: submissionId },
    )
    await tx.run(
      `update daily_practice_queue set completed_at = $now
       where user_ref = $user and playlist_ref = $playlist and active = 1 and completed_at is null
         and tune_ref in (select tune_ref ${STAGED})`,
      { ...keys, now: now.toISOString() },
    )
    await tx.run(`delete ${STAGED}`, keys)
    return records.changes
  })
}

/** The submit of the active queue's day that "Undo" would take back. */
export async function lastSubmission(reader: Reader, scope: Scope): Promise<Submission | undefined> {
  return reader.get<Submission>(
    `select s.id, s.submitted_at as submittedAt,
       (select count(*) from practice_record as r where r.submission_ref = s.id) as records
     from practice_submission as s
     where s.seq = (
       select max(seq) from practice_submission where user_ref = $user and playlist_ref = $playlist
     ) and s.window_start_utc = (
       select max(window_start_utc) from daily_practice_queue
       where user_ref = $user and playlist_ref = $playlist and active = 1
     )`,
    { user: scope.userRef, playlist: scope.playlistRef },
  )
}

/**
 * Takes a submit back: its records become staged evaluations again and their queue rows open, in one transaction.
 * The submit is named by its id, so that two tabs which press Undo take back one submit and not two.
 *
 * @returns how many evaluations are staged again; 0 if it was undone already or another one came after it
 */
export async function undoSubmission(db: Db, scope: Scope, submissionId: string): Promise<number> {
  return db.transaction(async (tx) => {
    if ((await lastSubmission(tx, scope))?.id !== submissionId) return 0
    await tx.run(
      `update daily_practice_queue set completed_at = null
       where user_ref = $user and playlist_ref = $playlist and active = 1
         and tune_ref in (select tune_ref from practice_record where submission_ref = $id)`,
      { user: scope.userRef, playlist: scope.playlistRef, id: submissionId },
    )
    const restored = await tx.run(
      `insert or ignore into table_transient_data (record_id, ${SHARED})
       select id, ${SHARED} from practice_record where submission_ref = ?`,
      [submissionId],
    )
    await tx.run('delete from practice_record where submission_ref = ?', [submissionId])
    await tx.run('delete from practice_submission where id = ?', [submissionId])
    return restored.changes
  })
}
