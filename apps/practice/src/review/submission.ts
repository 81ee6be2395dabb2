import { and, count, eq, inArray, isNull, max } from 'drizzle-orm'
import type { Db, Queries, Scope } from '../data/db.ts'
import { ofScope } from '../data/of-scope.ts'
import {
  practiceRecord,
  practiceSubmission,
  dailyPracticeQueue as queue,
  tableTransientData as staged,
} from '../data/schema.ts'
import { activeWindow } from '../queue/practice-queue.ts'

/**
 * Turns everything staged into practice records, completes their rows of the queue, and clears the stage,
 * in one transaction. The records are made from the staged rows, which go in the same transaction: when two
 * tabs submit at once, the second finds nothing staged and records nothing.
 *
 * @param submissionId a fresh id, under which this submit can be undone
 * @returns how many practice records were made
 */
export async function submitStaged(db: Db, scope: Scope, submissionId: string, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx.select().from(staged).where(ofScope(staged, scope))
    if (rows.length === 0) return 0
    const submittedAt = now.toISOString()
    const windowStartUtc = (await activeWindow(tx, scope))?.startUtc
    await tx.insert(practiceSubmission).values({ ...scope, id: submissionId, windowStartUtc, submittedAt })
    await tx
      .insert(practiceRecord)
      .values(rows.map(({ recordId: id, ...row }) => ({ ...row, id, submissionRef: submissionId })))
    const tunes = rows.map(({ tuneRef }) => tuneRef)
    await tx
      .update(queue)
      .set({ completedAt: submittedAt })
      .where(
        and(
          ofScope(queue, scope),
          eq(queue.active, true),
          isNull(queue.completedAt),
          inArray(queue.tuneRef, tunes),
        ),
      )
    await tx.delete(staged).where(ofScope(staged, scope))
    return rows.length
  })
}

/** The submit of the active queue's day that "Undo" would take back. */
export function lastSubmissionQuery(db: Queries, scope: Scope) {
  const last = db
    .select({ seq: max(practiceSubmission.seq) })
    .from(practiceSubmission)
    .where(ofScope(practiceSubmission, scope))
  const day = db
    .select({ start: max(queue.windowStartUtc) })
    .from(queue)
    .where(and(ofScope(queue, scope), eq(queue.active, true)))
  return db
    .select({
      id: practiceSubmission.id,
      submittedAt: practiceSubmission.submittedAt,
      records: count(practiceRecord.id),
    })
    .from(practiceSubmission)
    .leftJoin(practiceRecord, eq(practiceRecord.submissionRef, practiceSubmission.id))
    .where(and(eq(practiceSubmission.seq, last), eq(practiceSubmission.windowStartUtc, day)))
    .groupBy(practiceSubmission.seq)
}

export function lastSubmission(db: Queries, scope: Scope) {
  return lastSubmissionQuery(db, scope).get()
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
    const records = await tx
      .delete(practiceRecord)
      .where(eq(practiceRecord.submissionRef, submissionId))
      .returning()
    await tx.delete(practiceSubmission).where(eq(practiceSubmission.id, submissionId))
    if (records.length === 0) return 0
    const tunes = records.map(({ tuneRef }) => tuneRef)
    await tx
      .update(queue)
      .set({ completedAt: null })
      .where(and(ofScope(queue, scope), eq(queue.active, true), inArray(queue.tuneRef, tunes)))
    const { changes } = await tx
      .insert(staged)
      .values(records.map(({ id: recordId, ...row }) => ({ ...row, recordId })))
      .onConflictDoNothing()
    return changes
  })
}
