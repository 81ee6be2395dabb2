import type { Database } from 'tutti'
import type { InspectedDatabase } from '../src/inspected-database.ts'

/** Compiles only while a `Database` of `tutti` has all that the inspector asks of one. */
export const asInspected = (database: Database): InspectedDatabase => database
