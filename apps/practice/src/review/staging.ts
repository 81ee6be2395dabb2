import { and, count, desc, eq, isNotNull } from 'drizzle-orm'
import type { Db, Scope } from '../data/db.ts'
import { deterministicId } from '../data/deterministic-id.ts'
import { ofScope } from '../data/of-scope.ts'
import { schedulingOptions } from '../data/scheduling-options.ts'
import { practiceRecord, dailyPracticeQueue as queue, tableTransientData as staged } from '../data/schema.ts'
import type { Rating } from './rating.ts'
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
  await db.transaction(async (tx) => {
    const completed = await tx.$count(
      queue,
      and(
        ofScope(queue, scope),
        eq(queue.tuneRef, tuneRef),
        eq(queue.active, true),
        isNotNull(queue.completedAt),
      ),
    )
    if (completed > 0) throw new AlreadySubmittedError()
    const prior = await tx
      .select()
      .from(practiceRecord)
      .where(and(eq(practiceRecord.playlistRef, scope.playlistRef), eq(practiceRecord.tuneRef, tuneRef)))
      .orderBy(desc(practiceRecord.practiced))
      .limit(1)
      .get()
    const { requestRetention } = await schedulingOptions(tx, scope.userRef)
    const next = createScheduler(requestRetention).review(prior ?? null, rating, now)
    const row = {
      ...scope,
      ...next,
      tuneRef,
      recordId: deterministicId('record', scope.userRef, scope.playlistRef, tuneRef, next.practiced),
      quality: rating,
      priorRecordRef: prior?.id ?? null,
    }
    const target = [staged.userRef, staged.playlistRef, staged.tuneRef]
    await tx.insert(staged).values(row).onConflictDoUpdate({ target, set: row })
  })
}

/** Takes a staged evaluation back. */
export async function clearEvaluation(db: Db, scope: Scope, tuneRef: string): Promise<void> {
  await db.delete(staged).where(and(ofScope(staged, scope), eq(staged.tuneRef, tuneRef)))
}

/** How many evaluations are staged. */
export function stagedCount(db: Db, scope: Scope) {
  return db.select({ n: count() }).from(staged).where(ofScope(staged, scope))
}
