import { open, type Recovery, recover } from 'tutti'
import { catalog } from '../catalog/catalog.ts'
import { browserTimeZone } from '../queue/day-window.ts'
import { causeOf } from './cause-of.ts'
import { createDb, type Db } from './db.ts'
import { migrations } from './migrations.ts'
import { type Person, seed } from './seed.ts'

const NAME = 'practice'
const STORAGE = ['opfs', 'indexeddb'] as const
const BACKUP = { every: 30 * 60_000, keep: 3 }

/**
 * Opens the database of one user and fills it if it is new.
 *
 * @throws the typed errors of `open`; the handle is closed again if filling it fails
 */
export async function openPractice(person: Person): Promise<Db> {
  const database = await open({
    user: person.id,
    name: NAME,
    migrations,
    storage: STORAGE,
    backup: BACKUP,
  })
  try {
    const db = createDb(database)
    await seed(db, person, catalog, browserTimeZone(), new Date())
    return db
  } catch (error) {
    await database.close()
    throw causeOf(error)
  }
}

/** What is left of a user's database that cannot be opened because its file is damaged. */
export function recoverPractice(person: Person): Promise<Recovery> {
  return recover({ user: person.id, name: NAME, storage: STORAGE })
}
