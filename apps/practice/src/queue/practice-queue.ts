import { and, desc, eq, isNull, max, ne, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Db, Queries, Scope } from '../data/db.ts'
import { deterministicId } from '../data/deterministic-id.ts'
import { ofScope } from '../data/of-scope.ts'
import { schedulingOptions } from '../data/scheduling-options.ts'
import {
  practiceListStaged as listed,
  dailyPracticeQueue as queue,
  tableTransientData,
} from '../data/schema.ts'
import { type DayWindow, dayWindow } from './day-window.ts'
import { pickQueue } from './pick-queue.ts'

/** How many tunes one press of "Add more" takes from the backlog. */
const ADD_MORE = 5

/**
 * Sees to it that the active queue is today's. The first tab of the day makes it, in one transaction, and
 * from then on it is frozen: every later call, in any tab, finds it and changes nothing.
 *
 * @returns the day of the active queue
 */
export async function ensureQueue(db: Db, scope: Scope, now: Date): Promise<DayWindow> {
  const { timeZone } = await schedulingOptions(db, scope.userRef)
  const today = dayWindow(now, timeZone)
  if (await isActive(db, scope, today)) return today
  return db.transaction(async (tx) => {
    if (await isActive(tx, scope, today)) return today
    const isToday = sql`(${eq(queue.windowStartUtc, today.startUtc)})`
    await tx
      .update(queue)
      .set({ active: isToday })
      .where(and(ofScope(queue, scope), ne(queue.active, isToday)))
    if (await isActive(tx, scope, today)) return today
    const { maxReviewsPerDay } = await schedulingOptions(tx, scope.userRef)
    await fill(tx, scope, today, now, maxReviewsPerDay)
    return today
  })
}

/**
 * Appends tunes from the backlog to the active queue, in the order of the buckets; where the playlist had
 * nothing to practise and so no queue, this begins today's.
 *
 * @returns how many there were to add, at most five
 */
export async function addMore(db: Db, scope: Scope, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    const { timeZone } = await schedulingOptions(tx, scope.userRef)
    const day = (await activeWindow(tx, scope)) ?? dayWindow(now, timeZone)
    return fill(tx, scope, day, now, ADD_MORE)
  })
}

/**
 * Rebuilds the active queue from the state of now. What was done today stays, and so does every tune that
 * has a staged evaluation: nothing that the user entered is lost.
 */
export async function regenerateQueue(db: Db, scope: Scope, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const active = await activeWindow(tx, scope)
    if (active === undefined) return
    const staged = tx
      .select({ tuneRef: tableTransientData.tuneRef })
      .from(tableTransientData)
      .where(ofScope(tableTransientData, scope))
    await tx
      .delete(queue)
      .where(and(ofDay(scope, active), isNull(queue.completedAt), notInArray(queue.tuneRef, staged)))
    const kept = await tx.$count(queue, ofDay(scope, active))
    const { maxReviewsPerDay } = await schedulingOptions(tx, scope.userRef)
    await fill(tx, scope, active, now, maxReviewsPerDay - kept)
  })
}

/** The day of the active queue, which past midnight is still yesterday's until the user takes the new one. */
export function activeWindowQuery(db: Queries, scope: Scope) {
  return db
    .select({ startUtc: queue.windowStartUtc, endUtc: queue.windowEndUtc })
    .from(queue)
    .where(and(ofScope(queue, scope), eq(queue.active, true)))
    .orderBy(desc(queue.windowStartUtc))
    .limit(1)
}

export function activeWindow(db: Queries, scope: Scope): Promise<DayWindow | undefined> {
  return activeWindowQuery(db, scope).get()
}

async function isActive(db: Queries, scope: Scope, day: DayWindow): Promise<boolean> {
  return (await activeWindow(db, scope))?.startUtc === day.startUtc
}

async function fill(tx: Queries, scope: Scope, day: DayWindow, now: Date, limit: number): Promise<number> {
  const { acceptableDelinquencyWindow, timeZone } = await schedulingOptions(tx, scope.userRef)
  const since = dayWindow(new Date(day.startUtc), timeZone, -acceptableDelinquencyWindow).startUtc
  const picks = pickQueue(await candidates(tx, scope, day), day, since, limit)
  if (picks.length === 0) return 0
  const last = await tx
    .select({ index: max(queue.orderIndex) })
    .from(queue)
    .where(ofDay(scope, day))
    .get()
  const rows = picks.map(({ tuneRef, bucket }, i) => ({
    ...scope,
    id: deterministicId('queue', scope.userRef, scope.playlistRef, day.startUtc, tuneRef),
    windowStartUtc: day.startUtc,
    windowEndUtc: day.endUtc,
    tuneRef,
    bucket,
    orderIndex: (last?.index ?? -1) + 1 + i,
    generatedAt: now.toISOString(),
  }))
  await tx.insert(queue).values(rows).onConflictDoNothing()
  return picks.length
}

/** The tunes of the playlist that this day's queue does not hold. */
function candidates(db: Queries, scope: Scope, day: DayWindow) {
  const queued = db.select({ tuneRef: queue.tuneRef }).from(queue).where(ofDay(scope, day))
  return db
    .select({
      tuneRef: listed.tuneRef,
      title: listed.title,
      addedAt: listed.addedAt,
      due: listed.latestDue,
    })
    .from(listed)
    .where(and(ofScope(listed, scope), notInArray(listed.tuneRef, queued)))
}

function ofDay(scope: Scope, day: DayWindow): SQL | undefined {
  return and(ofScope(queue, scope), eq(queue.windowStartUtc, day.startUtc))
}
