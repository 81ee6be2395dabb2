import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  fullRepertoire,
  getPracticeList,
  morning,
  nextMorning,
  rowsOf,
  seededDb,
  shortSet,
} from '../../test/practice-fixture.ts'
import { stageEvaluation } from '../review/staging.ts'
import { submitStaged } from '../review/submission.ts'
import { activeWindow, addMore, ensureQueue, regenerateQueue } from './practice-queue.ts'

const log = vi.spyOn(console, 'info').mockImplementation(() => undefined)
afterEach(() => log.mockClear())

describe('ensureQueue', () => {
  it('makes three rows for the first demo user, and says so', async () => {
    const db = await seededDb(shortSet)
    await ensureQueue(db, shortSet, morning)
    const rows = await db.all(
      `SELECT * FROM daily_practice_queue WHERE user_ref = '${shortSet.userRef}'
       AND playlist_ref = '${shortSet.playlistRef}' AND active = 1`,
    )
    expect(rows).toHaveLength(3)
    const list = await getPracticeList(db, shortSet)
    expect(list.map((row) => [row.title, row.bucket])).toEqual([
      ['The Kesh Jig', 1],
      ["Morrison's Jig", 2],
      ['Drowsy Maggie', 3],
    ])
    expect(log).toHaveBeenCalledExactlyOnceWith(
      `[getPracticeList] Queue has 3 active rows for user=${shortSet.userRef}, playlist=${shortSet.playlistRef}`,
    )
  })

  it('shows all four buckets of the full repertoire within the capacity of ten', async () => {
    const db = await seededDb(fullRepertoire)
    await ensureQueue(db, fullRepertoire, morning)
    const list = await getPracticeList(db, fullRepertoire)
    expect(list.map((row) => row.bucket)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 4, 4])
  })

  it('makes one queue when two tabs open at once, and the same one in another database', async () => {
    const db = await seededDb(fullRepertoire)
    const other = await seededDb(fullRepertoire)
    await Promise.all([ensureQueue(db, fullRepertoire, morning), ensureQueue(db, fullRepertoire, morning)])
    await ensureQueue(other, fullRepertoire, morning)
    expect(await rowsOf(db, 'daily_practice_queue')).toHaveLength(10)
    expect(await rowsOf(db, 'daily_practice_queue')).toEqual(await rowsOf(other, 'daily_practice_queue'))
  })

  it('is frozen for the day of the user, and the next day begins another', async () => {
    const db = await seededDb(fullRepertoire)
    await ensureQueue(db, fullRepertoire, morning)
    const frozen = await rowsOf(db, 'daily_practice_queue')
    await db.run('update scheduling_options set max_reviews_per_day = 20')
    // Dublin is an hour ahead of UTC in May: 22:59 is the last minute of the same day.
    await ensureQueue(db, fullRepertoire, new Date('2026-05-10T22:59:00Z'))
    expect(await rowsOf(db, 'daily_practice_queue')).toEqual(frozen)
    const tomorrow = await ensureQueue(db, fullRepertoire, new Date('2026-05-10T23:00:00Z'))
    expect(tomorrow.startUtc).toBe('2026-05-10T23:00:00.000Z')
    expect(await activeWindow(db, fullRepertoire)).toEqual(tomorrow)
    const active = await db.all('select distinct window_start_utc from daily_practice_queue where active = 1')
    expect(active).toEqual([{ window_start_utc: '2026-05-10T23:00:00.000Z' }])
  })

  it('goes back to a frozen queue without adding to it', async () => {
    const db = await seededDb(fullRepertoire)
    await ensureQueue(db, fullRepertoire, morning)
    const list = await getPracticeList(db, fullRepertoire)
    await ensureQueue(db, fullRepertoire, nextMorning)
    await ensureQueue(db, fullRepertoire, morning)
    expect(await getPracticeList(db, fullRepertoire)).toEqual(list)
  })
})

describe('addMore', () => {
  it('appends from the backlog until it is empty', async () => {
    const db = await seededDb(fullRepertoire)
    await ensureQueue(db, fullRepertoire, morning)
    const before = await getPracticeList(db, fullRepertoire)
    expect(await addMore(db, fullRepertoire, morning)).toBe(3)
    expect((await getPracticeList(db, fullRepertoire)).slice(0, 10)).toEqual(before)
    expect(await addMore(db, fullRepertoire, morning)).toBe(0)
  })
})

describe('regenerateQueue', () => {
  it('takes a new capacity and keeps what is done or staged', async () => {
    const db = await seededDb(fullRepertoire)
    await ensureQueue(db, fullRepertoire, morning)
    const [first, , third] = await getPracticeList(db, fullRepertoire)
    if (first === undefined || third === undefined) throw new Error('The queue is too short.')
    await stageEvaluation(db, fullRepertoire, first.tuneRef, 3, morning)
    await submitStaged(db, fullRepertoire, 'submission', morning)
    await stageEvaluation(db, fullRepertoire, third.tuneRef, 1, morning)
    await db.run('update scheduling_options set max_reviews_per_day = 4')
    await regenerateQueue(db, fullRepertoire, morning)
    const list = await getPracticeList(db, fullRepertoire)
    expect(list).toHaveLength(4)
    expect(list.find((row) => row.tuneRef === first.tuneRef)?.completedAt).toBe(morning.toISOString())
    expect(list.find((row) => row.tuneRef === third.tuneRef)?.stagedQuality).toBe(1)
  })
})
