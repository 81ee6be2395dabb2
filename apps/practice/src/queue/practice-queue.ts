import type { Db, Reader, Scope, Transaction } from '../data/db.ts'
import { deterministicId } from '../data/deterministic-id.ts'
import { schedulingOptions } from '../data/scheduling-options.ts'
import { type DayWindow, dayWindow } from './day-window.ts'
import { type Candidate, type Pick, pickQueue } from './pick-queue.ts'

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
    await tx.run(
      `update daily_practice_queue set active = window_start_utc = $start
       where user_ref = $user and playlist_ref = $playlist and active <> (window_start_utc = $start)`,
      { ...keys(scope), start: today.startUtc },
    )
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
    await tx.run(
      `delete from daily_practice_queue
       where user_ref = $user and playlist_ref = $playlist and window_start_utc = $start
         and completed_at is null
         and tune_ref not in (
           select tune_ref from table_transient_data where user_ref = $user and playlist_ref = $playlist
         )`,
      { ...keys(scope), start: active.startUtc },
    )
    const kept = await tx.get<{ n: number }>(
      `select count(*) as n from daily_practice_queue
       where user_ref = $user and playlist_ref = $playlist and window_start_utc = $start`,
      { ...keys(scope), start: active.startUtc },
    )
    const { maxReviewsPerDay } = await schedulingOptions(tx, scope.userRef)
    await fill(tx, scope, active, now, maxReviewsPerDay - (kept?.n ?? 0))
  })
}

/** The day of the active queue, which past midnight is still yesterday's until the user takes the new one. */
export async function activeWindow(reader: Reader, scope: Scope): Promise<DayWindow | undefined> {
  return reader.get<DayWindow>(
    `select window_start_utc as startUtc, window_end_utc as endUtc from daily_practice_queue
     where user_ref = $user and playlist_ref = $playlist and active = 1
     order by window_start_utc desc limit 1`,
    keys(scope),
  )
}

async function isActive(reader: Reader, scope: Scope, day: DayWindow): Promise<boolean> {
  return (await activeWindow(reader, scope))?.startUtc === day.startUtc
}

async function fill(
  tx: Transaction,
  scope: Scope,
  day: DayWindow,
  now: Date,
  limit: number,
): Promise<number> {
  const { acceptableDelinquencyWindow, timeZone } = await schedulingOptions(tx, scope.userRef)
  const since = dayWindow(new Date(day.startUtc), timeZone, -acceptableDelinquencyWindow).startUtc
  const picks = pickQueue(await candidates(tx, scope, day), day, since, limit)
  const last = await tx.get<{ next: number }>(
    `select coalesce(max(order_index) + 1, 0) as next from daily_practice_queue
     where user_ref = $user and playlist_ref = $playlist and window_start_utc = $start`,
    { ...keys(scope), start: day.startUtc },
  )
  for (const [i, pick] of picks.entries()) {
    await insertRow(tx, scope, day, now, pick, (last?.next ?? 0) + i)
  }
  return picks.length
}

/** The tunes of the playlist that this day's queue does not hold. */
async function candidates(reader: Reader, scope: Scope, day: DayWindow): Promise<Candidate[]> {
  return reader.all<Candidate>(
    `select tune_ref as tuneRef, title, added_at as addedAt, latest_due as due from practice_list_staged
     where user_ref = $user and playlist_ref = $playlist
       and tune_ref not in (
         select tune_ref from daily_practice_queue
         where user_ref = $user and playlist_ref = $playlist and window_start_utc = $start
       )`,
    { ...keys(scope), start: day.startUtc },
  )
}

async function insertRow(
  tx: Transaction,
  scope: Scope,
  day: DayWindow,
  now: Date,
  pick: Pick,
  orderIndex: number,
): Promise<void> {
  await tx.run(
    `insert into daily_practice_queue
       (id, user_ref, playlist_ref, window_start_utc, window_end_utc, tune_ref, bucket, order_index,
        generated_at, completed_at, active)
     values ($id, $user, $playlist, $start, $end, $tune, $bucket, $order, $now, null, 1)
     on conflict (user_ref, playlist_ref, window_start_utc, tune_ref) do nothing`,
    {
      ...keys(scope),
      id: deterministicId('queue', scope.userRef, scope.playlistRef, day.startUtc, pick.tuneRef),
      start: day.startUtc,
      end: day.endUtc,
      tune: pick.tuneRef,
      bucket: pick.bucket,
      order: orderIndex,
      now: now.toISOString(),
    },
  )
}

function keys(scope: Scope): { user: string; playlist: string } {
  return { user: scope.userRef, playlist: scope.playlistRef }
}
