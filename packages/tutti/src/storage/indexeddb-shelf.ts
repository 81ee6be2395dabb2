import { completed, requestOf } from './idb-requests.ts'
import { FILES, META, openIndexedDbStore } from './indexeddb-store.ts'
import type { Place, Store } from './store.ts'

const VERSION = 1

/** Databases in IndexedDB, each in one of its own: `tutti/<user>/<database>`. */
export class IndexedDbShelf {
  readonly #factory: IDBFactory

  constructor(factory: IDBFactory) {
    this.#factory = factory
  }

  /** Rejects where IndexedDB is there by name only, as in some private windows. */
  async exists(place: Place): Promise<boolean> {
    const request = this.#factory.open(nameOf(place), VERSION)
    let isNew = false
    request.onupgradeneeded = () => {
      isNew = true
      // Undone, so that asking leaves no empty database behind.
      request.transaction?.abort()
    }
    try {
      const database = await requestOf(request)
      database.close()
      return true
    } catch (error) {
      if (isNew) return false
      throw error
    }
  }

  async open(place: Place): Promise<Store> {
    const database = await this.#openDatabase(nameOf(place))
    return openIndexedDbStore(database, () => this.exists(place))
  }

  /** Every open store of this database is told, and closes. */
  async delete(place: Place): Promise<void> {
    await requestOf(this.#factory.deleteDatabase(nameOf(place)))
  }

  /** Copies the database to another name, then deletes the original; the new name. */
  async quarantine(place: Place, suffix: string): Promise<string> {
    const aside = `${nameOf(place)}.${suffix}`
    const from = await this.#openDatabase(nameOf(place))
    const to = await this.#openDatabase(aside)
    try {
      for (const store of [...FILES, META]) await copyStore(from, to, store)
    } finally {
      from.close()
      to.close()
    }
    await this.delete(place)
    return aside
  }

  #openDatabase(name: string): Promise<IDBDatabase> {
    const request = this.#factory.open(name, VERSION)
    request.onupgradeneeded = () => {
      for (const store of [...FILES, META]) request.result.createObjectStore(store)
    }
    return requestOf(request)
  }
}

function nameOf(place: Place): string {
  return `tutti/${place.user}/${place.database}`
}

async function copyStore(from: IDBDatabase, to: IDBDatabase, name: string): Promise<void> {
  const reading = from.transaction(name).objectStore(name)
  const [keys, values] = await Promise.all([
    requestOf(reading.getAllKeys()),
    requestOf<unknown[]>(reading.getAll()),
  ])
  const transaction = to.transaction(name, 'readwrite', { durability: 'strict' })
  const writing = transaction.objectStore(name)
  for (const [i, key] of keys.entries()) writing.put(values[i], key)
  await completed(transaction)
}
