import { catalog } from '../src/catalog/catalog.ts'
import { byTitle, type ListedTune, tuneList } from '../src/catalog/repertoire.ts'
import type { Scope } from '../src/data/db.ts'
import { seed } from '../src/data/seed.ts'
import { logPracticeList, type PracticeRow, practiceList } from '../src/queue/practice-list.ts'
import { createTestDb, type TestDb } from './sqlite-db.ts'

export const shortSet: Scope = {
  userRef: '00000000-0000-4000-8000-000000009002',
  playlistRef: '00000000-0000-4000-8000-000000019002',
}

export const fullRepertoire: Scope = {
  userRef: '00000000-0000-4000-8000-000000009003',
  playlistRef: '00000000-0000-4000-8000-000000019003',
}

export const morning = new Date('2026-05-10T08:00:00Z')

export const nextMorning = new Date('2026-05-11T08:00:00Z')

/** A seeded database of a demo user, as it is on the first morning. */
export async function seededDb(scope: Scope): Promise<TestDb> {
  const db = createTestDb()
  await seed(db, { id: scope.userRef, name: 'Demo' }, catalog, 'Europe/Dublin', morning)
  return db
}

/** All rows of a table: what a test compares before and after. */
export async function rowsOf(db: TestDb, table: string): Promise<Record<string, unknown>[]> {
  return db.all(`select * from ${table} order by 1, 2, 3`)
}

/** Reads the catalog once, as its page does whenever it changes. */
export async function listTunes(db: TestDb, scope: Scope): Promise<ListedTune[]> {
  return byTitle(await tuneList(db, scope))
}

/** Reads today's list once, as the grid does whenever it changes. */
export async function getPracticeList(db: TestDb, scope: Scope): Promise<readonly PracticeRow[]> {
  const rows = await practiceList(db, scope)
  logPracticeList(rows, scope)
  return rows
}
