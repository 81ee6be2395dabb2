import { describe, expect, it, vi } from 'vitest'
import { getPracticeList, morning, rowsOf, seededDb, shortSet } from '../../test/practice-fixture.ts'
import type { TestDb } from '../../test/sqlite-db.ts'
import type { PracticeRow } from '../queue/practice-list.ts'
import { ensureQueue } from '../queue/practice-queue.ts'
import { createScheduler } from './scheduler.ts'
import { clearEvaluation, stageEvaluation } from './staging.ts'
import { lastSubmission, submitStaged, undoSubmission } from './submission.ts'

vi.spyOn(console, 'info').mockImplementation(() => undefined)

async function withQueue(): Promise<{ db: TestDb; first: PracticeRow; second: PracticeRow }> {
  const db = await seededDb(shortSet)
  await ensureQueue(db, shortSet, morning)
  const [first, second] = await getPracticeList(db, shortSet)
  if (first === undefined || second === undefined) throw new Error('The queue is too short.')
  return { db, first, second }
}

describe('stageEvaluation', () => {
  it('shows the due date that the record will have, and the last choice wins', async () => {
    const { db, first } = await withQueue()
    await stageEvaluation(db, shortSet, first.tuneRef, 1, morning)
    await stageEvaluation(db, shortSet, first.tuneRef, 4, morning)
    const [row] = await getPracticeList(db, shortSet)
    expect(row?.stagedQuality).toBe(4)
    expect(row?.stagedDue).toBe(createScheduler(0.9).review(first.latest, 4, morning).due)
    await clearEvaluation(db, shortSet, first.tuneRef)
    expect(await rowsOf(db, 'table_transient_data')).toEqual([])
  })

  it('refuses a tune that another tab has just submitted', async () => {
    const { db, first } = await withQueue()
    await stageEvaluation(db, shortSet, first.tuneRef, 3, morning)
    const late = Promise.allSettled([
      submitStaged(db, shortSet, 'submission', morning),
      stageEvaluation(db, shortSet, first.tuneRef, 1, morning),
    ])
    expect((await late)[1]).toMatchObject({ status: 'rejected', reason: { code: 'already-submitted' } })
    expect(await rowsOf(db, 'table_transient_data')).toEqual([])
  })
})

describe('submitStaged', () => {
  it('makes one set of practice records when two tabs submit at once', async () => {
    const { db, first, second } = await withQueue()
    const before = await rowsOf(db, 'practice_record')
    await stageEvaluation(db, shortSet, first.tuneRef, 3, morning)
    await stageEvaluation(db, shortSet, second.tuneRef, 1, morning)
    const counts = await Promise.all([
      submitStaged(db, shortSet, 'of tab A', morning),
      submitStaged(db, shortSet, 'of tab B', morning),
    ])
    expect(counts).toEqual([2, 0])
    expect(await rowsOf(db, 'practice_record')).toHaveLength(before.length + 2)
    expect(await rowsOf(db, 'practice_submission')).toMatchObject([{ id: 'of tab A' }])
    expect(await rowsOf(db, 'table_transient_data')).toEqual([])
    const list = await getPracticeList(db, shortSet)
    expect(list.map((row) => row.completedAt !== null)).toEqual([true, true, false])
  })
})

describe('undoSubmission', () => {
  it('brings everything back as it was staged, once', async () => {
    const { db, first } = await withQueue()
    await stageEvaluation(db, shortSet, first.tuneRef, 3, morning)
    const tables = ['practice_record', 'table_transient_data', 'daily_practice_queue', 'practice_submission']
    const before = await Promise.all(tables.map((table) => rowsOf(db, table)))
    await submitStaged(db, shortSet, 'submission', morning)
    expect(await lastSubmission(db, shortSet)).toMatchObject({ id: 'submission', records: 1 })
    const counts = await Promise.all([
      undoSubmission(db, shortSet, 'submission'),
      undoSubmission(db, shortSet, 'submission'),
    ])
    expect(counts).toEqual([1, 0])
    expect(await Promise.all(tables.map((table) => rowsOf(db, table)))).toEqual(before)
  })

  it('takes back only the last submit', async () => {
    const { db, first, second } = await withQueue()
    await stageEvaluation(db, shortSet, first.tuneRef, 3, morning)
    await submitStaged(db, shortSet, 'one', morning)
    await stageEvaluation(db, shortSet, second.tuneRef, 3, morning)
    await submitStaged(db, shortSet, 'two', morning)
    expect(await undoSubmission(db, shortSet, 'one')).toBe(0)
    expect(await undoSubmission(db, shortSet, 'two')).toBe(1)
    expect(await undoSubmission(db, shortSet, 'one')).toBe(1)
  })
})
