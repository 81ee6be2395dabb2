import { IDBFactory } from 'fake-indexeddb'
import type { SnapshotPlace } from '../../src/adapters/sqljs.ts'
import type { Stage } from '../simulation/scenarios/stage.ts'

/** Where an app on sql.js keeps its snapshot. */
export const PLACE = { database: 'tunetrees-storage', store: 'databases', key: 'tunetrees-db-u-9002' }
export const OTHER_KEY = 'tunetrees-db-u-1'

/** An IndexedDB in which an old build of the app has kept `value`, and another user something else. */
export async function keep(value: unknown, indexedDB = new IDBFactory()): Promise<Required<SnapshotPlace>> {
  await inStore(indexedDB, (store) => {
    store.put(value, PLACE.key)
    store.put('of another user', OTHER_KEY)
  })
  return { ...PLACE, indexedDB }
}

/** The old build's own way to its store. */
export async function inStore(
  indexedDB: IDBFactory,
  work: (store: IDBObjectStore) => unknown,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(PLACE.database, 3)
    request.onupgradeneeded = () => void request.result.createObjectStore(PLACE.store)
    request.onerror = () => reject(request.error ?? new Error('no database'))
    request.onsuccess = () => {
      const transaction = request.result.transaction(PLACE.store, 'readwrite')
      work(transaction.objectStore(PLACE.store))
      transaction.oncomplete = () => {
        request.result.close()
        resolve()
      }
    }
  })
}

/** Lets the world go on together with IndexedDB, which keeps the process's time. */
export async function settle<T>(stage: Stage, promise: Promise<T>): Promise<T> {
  let settled = false
  const mark = () => {
    settled = true
  }
  promise.then(mark, mark)
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve))
    await stage.simulation.runFor(1)
  }
  return promise
}
