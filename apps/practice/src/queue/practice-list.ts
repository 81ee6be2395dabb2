import { and, eq } from 'drizzle-orm'
import type { Queries, Scope } from '../data/db.ts'
import { ofScope } from '../data/of-scope.ts'
import { practiceListStaged as listed, practiceRecord, dailyPracticeQueue as queue } from '../data/schema.ts'

/** One row of the grid: a tune of the active queue, what is known of it, and what is staged for it. */
export type PracticeRow = Awaited<ReturnType<typeof practiceList>>[number]

/** The active queue in its order. */
export function practiceList(db: Queries, scope: Scope) {
  return db
    .select({
      id: queue.id,
      tuneRef: queue.tuneRef,
      title: listed.title,
      type: listed.type,
      tonic: listed.tonic,
      mode: listed.mode,
      bucket: queue.bucket,
      completedAt: queue.completedAt,
      latest: practiceRecord,
      stagedQuality: listed.stagedQuality,
      stagedDue: listed.stagedDue,
    })
    .from(queue)
    .innerJoin(listed, and(ofScope(listed, scope), eq(listed.tuneRef, queue.tuneRef)))
    .leftJoin(practiceRecord, eq(practiceRecord.id, listed.latestRecordRef))
    .where(and(ofScope(queue, scope), eq(queue.active, true)))
    .orderBy(queue.orderIndex, queue.id)
}

/** Logs how many rows a list has. */
export function logPracticeList(rows: readonly PracticeRow[], { userRef, playlistRef }: Scope): void {
  console.info(
    `[getPracticeList] Queue has ${rows.length} active rows for user=${userRef}, playlist=${playlistRef}`,
  )
}
