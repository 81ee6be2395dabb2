import { InvalidImportError, StorageFailedError } from '../../errors/errors.ts'

/** Where an app keeps the snapshot of its sql.js database, as `export()` gave it: bytes in IndexedDB. */
export interface SnapshotPlace {
  /** The IndexedDB database's name. */
  readonly database: string
  /** The object store in it, with keys of its own (not in the values). */
  readonly store: string
  readonly key: string | number
  /** The page's own, unless another is given. */
  readonly indexedDB?: IDBFactory
}

/** IndexedDB waits for ever where another tab does not let a deletion or an upgrade go on. */
const BOUND = 30_000

/**
 * Whether there is a snapshot: what has to be known before `open()`, where migrations must wait for it.
 *
 * @throws {StorageFailedError} where IndexedDB fails, or does not answer within 30 s
 */
export async function hasSnapshot(place: SnapshotPlace): Promise<boolean> {
  const count = await inStore(place, 'readonly', (store) => requested(store.count(place.key)))
  return (count ?? 0) > 0
}

/**
 * The bytes of the snapshot, `undefined` where there is none. The database is only looked at: where it is
 * missing, none is made.
 *
 * @throws {InvalidImportError} where something else is kept there
 * @throws {StorageFailedError} where IndexedDB fails, or does not answer within 30 s
 */
export async function readSnapshot(place: SnapshotPlace): Promise<Uint8Array | undefined> {
  const value = await inStore(place, 'readonly', (store) => requested<unknown>(store.get(place.key)))
  if (value === undefined) return undefined
  const bytes = toBytes(value)
  if (bytes !== undefined) return bytes
  const where = `${place.database}/${place.store}/${place.key}`
  throw new InvalidImportError(`${where} holds no Uint8Array or ArrayBuffer: is it a snapshot of sql.js?`, {
    outcome: 'not-applied',
  })
}

/**
 * Deletes the snapshot if it is still `expected`.
 *
 * @returns false where it has changed, and was kept
 * @throws {StorageFailedError} where IndexedDB fails, or does not answer within 30 s
 */
export async function deleteSnapshot(place: SnapshotPlace, expected: Uint8Array): Promise<boolean> {
  const deleted = await inStore(place, 'readwrite', async (store) => {
    const value = await requested<unknown>(store.get(place.key))
    if (value === undefined) return true
    const bytes = toBytes(value)
    if (bytes === undefined || !equal(bytes, expected)) return false
    await requested(store.delete(place.key))
    return true
  })
  return deleted ?? true
}

/** Runs `work` in a transaction on the store; `undefined` where there is no such database or store. */
async function inStore<T>(
  place: SnapshotPlace,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => Promise<T>,
): Promise<T | undefined> {
  const { database, store, indexedDB: factory = indexedDB } = place
  const run = async (): Promise<T | undefined> => {
    const opened = await openExisting(factory, database)
    if (opened === undefined) return undefined
    try {
      if (!opened.objectStoreNames.contains(store)) return undefined
      const transaction = opened.transaction(store, mode)
      const completed = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'))
      })
      const [result] = await Promise.all([work(transaction.objectStore(store)), completed])
      return result
    } finally {
      opened.close()
    }
  }
  return await bounded(database, run())
}

/**
 * Opens a database as it is. Without a version none is upgraded; one that is not there would be made, which
 * is what the aborted upgrade prevents.
 */
async function openExisting(factory: IDBFactory, name: string): Promise<IDBDatabase | undefined> {
  return await new Promise((resolve, reject) => {
    const request = factory.open(name)
    let missing = false
    request.onupgradeneeded = () => {
      missing = true
      request.transaction?.abort()
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => (missing ? resolve(undefined) : reject(request.error ?? new Error('It failed.')))
  })
}

async function bounded<T>(database: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${BOUND} ms.`)), BOUND)
  })
  try {
    return await Promise.race([work, late])
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StorageFailedError(`The IndexedDB database '${database}' could not be used: ${why}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('A request failed.'))
  })
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
