import { describe, expect, it, vi } from 'vitest'
import { getPracticeList, morning, rowsOf, seededDb, shortSet } from '../../test/practice-fixture.ts'
import type { TestDb } from '../../test/sqlite-db.ts'
import type { PracticeRow } from '../queue/practice-list.ts'
import { ensureQueue } from '../queue/practice-queue.ts'
import { submitStaged } from '../review/submission.ts'
import { createEvaluations, type Evaluations } from './evaluations.ts'

vi.spyOn(console, 'info').mockImplementation(() => undefined)

interface Setup {
  readonly db: TestDb
  readonly row: PracticeRow
  readonly evaluations: Evaluations
  readonly errors: unknown[]
}

async function setup(): Promise<Setup> {
  const db = await seededDb(shortSet)
  await ensureQueue(db, shortSet, morning)
  const [row] = await getPracticeList(db, shortSet)
  if (row === undefined) throw new Error('The queue is empty.')
  const errors: unknown[] = []
  const evaluations = createEvaluations(
    db,
    shortSet,
    () => Promise.resolve(),
    (error) => errors.push(error),
  )
  return { db, row, evaluations, errors }
}

describe('createEvaluations', () => {
  it('shows a choice at once, and the last of several is the one that is staged', async () => {
    const { db, row, evaluations } = await setup()
    evaluations.choose(row, 1)
    evaluations.choose(row, 4)
    expect(evaluations.rating(row)).toBe(4)
    await evaluations.settled()
    expect(await rowsOf(db, 'table_transient_data')).toMatchObject([{ quality: 4 }])
  })

  it('keeps a choice that could not be saved, and saves it when it is tried again', async () => {
    const { db, row, evaluations, errors } = await setup()
    const failure = new Error('The disk is full.')
    vi.spyOn(db, 'transaction').mockRejectedValueOnce(failure)
    evaluations.choose(row, 3)
    await evaluations.settled()
    expect(errors).toEqual([failure])
    expect(evaluations.failed(row)).toBe(true)
    expect(evaluations.rating(row)).toBe(3)
    evaluations.choose(row, 3)
    await evaluations.settled()
    expect(evaluations.failed(row)).toBe(false)
    expect(await rowsOf(db, 'table_transient_data')).toMatchObject([{ quality: 3 }])
  })

  it('takes a choice back', async () => {
    const { db, row, evaluations } = await setup()
    evaluations.choose(row, 3)
    evaluations.choose(row, null)
    expect(evaluations.rating(row)).toBeNull()
    await evaluations.settled()
    expect(await rowsOf(db, 'table_transient_data')).toEqual([])
  })

  it('gives up a choice for a tune that was submitted meanwhile, and says why', async () => {
    const { db, row, evaluations, errors } = await setup()
    evaluations.choose(row, 3)
    await evaluations.settled()
    await submitStaged(db, shortSet, 'of another tab', morning)
    evaluations.choose(row, 1)
    await evaluations.settled()
    expect(errors).toMatchObject([{ code: 'already-submitted' }])
    expect(evaluations.failed(row)).toBe(false)
  })
})
