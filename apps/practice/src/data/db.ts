import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Database } from 'tutti'
import { type DrizzleRunResult, drizzle, type TuttiDatabase } from 'tutti/drizzle'

/** A user's database, as Practice's own modules take it. Their tests have one on plain SQLite in Node. */
export type Db = TuttiDatabase

/** What the database and a transaction have in common. */
export type Queries = BaseSQLiteDatabase<'async', DrizzleRunResult>

/** Whose list is meant: nearly every statement of the app is about one playlist of one user. */
export interface Scope {
  readonly userRef: string
  readonly playlistRef: string
}

/** The query builders of `schema.ts` on an open database. */
export function createDb(database: Database): Db {
  return drizzle(database, { casing: 'snake_case' })
}
