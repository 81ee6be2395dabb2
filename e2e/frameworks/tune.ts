import type { Database } from 'tutti'

export interface Tune {
  readonly id: number
  readonly title: string
}

/** What the lists show. */
export const SQL = 'select id, title from tune order by title'

/** Draws the list of a framework; what it returns gives it the database. */
export type Mount = (element: Element) => (db: Database) => void
