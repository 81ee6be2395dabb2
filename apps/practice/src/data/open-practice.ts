import { type Database, open } from 'tutti'
import { catalog } from '../catalog/catalog.ts'
import { browserTimeZone } from '../queue/day-window.ts'
import { migrations } from './migrations.ts'
import { type Person, seed } from './seed.ts'

/**
 * Opens the database of one user and fills it if it is new.
 *
 * @throws the typed errors of `open`; the handle is closed again if filling it fails
 */
export async function openPractice(person: Person): Promise<Database> {
  const db = await open({
    user: person.id,
    name: 'practice',
    migrations,
    storage: ['opfs', 'indexeddb'],
  })
  try {
    await seed(db, person, catalog, browserTimeZone(), new Date())
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}
