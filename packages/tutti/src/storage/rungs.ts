import { DatabaseDeletedError, StorageUnavailableError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { StorageKind } from '../protocol/values.ts'
import { IndexedDbShelf } from './indexeddb-shelf.ts'
import { createMemoryStore } from './memory-store.ts'
import { isNamed, OPFS_BUSY, OpfsShelf } from './opfs-store.ts'
import { type Place, type Store, StoreBusyError } from './store.ts'

/** What the browser offers, passed in: this folder touches no globals. */
export interface StorageEnvironment {
  /** `navigator.storage` */
  readonly storage?: { getDirectory?(): Promise<FileSystemDirectoryHandle> } | undefined
  /** The global class: without sync access handles OPFS is of no use. */
  readonly FileSystemFileHandle?: { readonly prototype: object } | undefined
  readonly indexedDB?: IDBFactory | undefined
  /** Makes the store of the `memory` rung; by default an empty one. */
  readonly memory?: (() => Store) | undefined
  sleep(ms: number): Promise<void>
  /** A name that nobody has had. */
  randomId(): string
}

/** Where databases of one kind are kept. */
interface Shelf {
  exists(place: Place): Promise<boolean>
  /** Rejects where nothing could be opened here, though the API is there; changes no database. */
  probe?(id: string): Promise<void>
  open(place: Place): Promise<Store>
  delete(place: Place): Promise<void>
  quarantine(place: Place, suffix: string): Promise<string>
}

export interface OpenStoreOptions {
  /** In the order of preference. */
  readonly rungs: readonly StorageKind[]
  /** How long to wait, in ms, for files that another worker still holds; 5000 by default. */
  readonly retryFor?: number
  /** Called before each wait; it may throw to give up. */
  readonly onRetry?: (error: unknown) => void
  /** The database was there before: where it is gone, nothing is made in its place. */
  readonly mustExist?: boolean
}

/** Errors with which a browser says that it has the API by name only, as in private windows. */
const UNSUPPORTED: Readonly<Record<StorageKind, readonly string[]>> = {
  opfs: ['SecurityError', 'UnknownError', 'NotSupportedError', 'NotAllowedError'],
  indexeddb: ['SecurityError', 'InvalidStateError'],
  memory: [],
}
/** Errors that pass once another worker has closed the files. */
const BUSY: Readonly<Record<StorageKind, readonly string[]>> = {
  opfs: OPFS_BUSY,
  indexeddb: [],
  memory: [],
}
const FIRST_DELAY = 5
const LONGEST_DELAY = 200

/** The rung that holds the database; without one, the first that this browser supports (R26). */
export async function chooseRung(
  environment: StorageEnvironment,
  place: Place,
  rungs: readonly StorageKind[],
): Promise<StorageKind> {
  const without: StorageKind[] = []
  const reasons: string[] = []
  for (const rung of rungs) {
    const found = await holds(environment, place, rung)
    if (found === true) return rung
    if (found === false) without.push(rung)
    else reasons.push(`${rung}: ${found.unsupported}`)
  }
  for (const rung of without) {
    const reason = await probe(environment, rung)
    if (reason === undefined) return rung
    reasons.push(`${rung}: ${reason}`)
  }
  throw new StorageUnavailableError(
    `None of the storages that were listed works here (${reasons.join('; ') || 'the list is empty'}). Add 'memory' to \`storage\` to go on without keeping anything.`,
  )
}

/**
 * Opens the database where it is, or makes it on the first rung that is supported. Waits while a dying tab
 * still holds the files; deletes nothing, and takes no other rung because one is busy or fails.
 * @throws StorageUnavailableError, DatabaseDeletedError, StoreBusyError, or the storage's own error.
 */
export async function openStore(
  environment: StorageEnvironment,
  place: Place,
  { rungs, retryFor = 5000, onRetry, mustExist = false }: OpenStoreOptions,
): Promise<Store> {
  // In memory there is never anything to be found: replicas may have it.
  const findable = mustExist && !rungs.includes('memory')
  if (findable && (await storeExists(environment, place, rungs)) === undefined) {
    throw new DatabaseDeletedError('The database that was open here is gone: open() makes a new one', {
      outcome: 'not-applied',
    })
  }
  const kind = await chooseRung(environment, place, rungs)
  const shelf = await shelfOf(environment, kind)
  return whileBusy(environment, kind, retryFor, () => shelf.open(place), onRetry)
}

/** On which of `rungs` the database is; `undefined` where it is on none. */
export async function storeExists(
  environment: StorageEnvironment,
  place: Place,
  rungs: readonly StorageKind[],
): Promise<StorageKind | undefined> {
  for (const rung of rungs) if ((await holds(environment, place, rung)) === true) return rung
  return undefined
}

/** Deletes the database of this kind for good; every store of it must be closed, or about to be. */
export async function deleteStore(
  environment: StorageEnvironment,
  place: Place,
  kind: StorageKind,
  retryFor = 5000,
): Promise<void> {
  const shelf = await shelfOf(environment, kind)
  await whileBusy(environment, kind, retryFor, () => shelf.delete(place))
}

/** Sets a damaged database aside as `….corrupt-<stamp>`; the name under which it can be found. Deletes nothing. */
export async function quarantine(
  environment: StorageEnvironment,
  place: Place,
  kind: StorageKind,
  stamp: string,
  retryFor = 5000,
): Promise<string> {
  const shelf = await shelfOf(environment, kind)
  return whileBusy(environment, kind, retryFor, () => shelf.quarantine(place, `corrupt-${stamp}`))
}

async function holds(
  environment: StorageEnvironment,
  place: Place,
  rung: StorageKind,
): Promise<boolean | { readonly unsupported: string }> {
  const missing = missingApi(environment, rung)
  if (missing !== undefined) return { unsupported: `${missing} is missing` }
  try {
    return await (await shelfOf(environment, rung)).exists(place)
  } catch (error) {
    const unsupported = unsupportedBy(rung, error)
    if (unsupported === undefined) throw error
    return { unsupported }
  }
}

/** Why a rung that could hold a new database cannot; `undefined` where it can, or is only busy or full. */
async function probe(environment: StorageEnvironment, rung: StorageKind): Promise<string | undefined> {
  try {
    await (await shelfOf(environment, rung)).probe?.(environment.randomId())
    return undefined
  } catch (error) {
    return unsupportedBy(rung, error)
  }
}

function unsupportedBy(rung: StorageKind, error: unknown): string | undefined {
  const name = UNSUPPORTED[rung].find((each) => isNamed(error, each))
  return name === undefined ? undefined : `${name}: ${(error as Error).message}`
}

function missingApi(environment: StorageEnvironment, rung: StorageKind): string | undefined {
  if (rung === 'memory') return undefined
  if (rung === 'indexeddb') return environment.indexedDB === undefined ? 'indexedDB' : undefined
  if (environment.storage?.getDirectory === undefined) return 'navigator.storage.getDirectory'
  const handles = environment.FileSystemFileHandle?.prototype
  return handles !== undefined && 'createSyncAccessHandle' in handles ? undefined : 'createSyncAccessHandle'
}

async function shelfOf(environment: StorageEnvironment, rung: StorageKind): Promise<Shelf> {
  const { storage, indexedDB, memory = createMemoryStore } = environment
  switch (rung) {
    case 'opfs':
      if (storage?.getDirectory === undefined) break
      return new OpfsShelf(await storage.getDirectory())
    case 'indexeddb':
      if (indexedDB === undefined) break
      return new IndexedDbShelf(indexedDB)
    case 'memory':
      return {
        exists: () => Promise.resolve(false),
        open: () => Promise.resolve(memory()),
        delete: () => Promise.resolve(),
        quarantine: () => Promise.resolve('memory'),
      }
  }
  throw new StorageUnavailableError(`${rung} does not exist here`)
}

/** Repeats while the files are open elsewhere: a released lock is not yet a released handle. */
async function whileBusy<T>(
  environment: StorageEnvironment,
  kind: StorageKind,
  retryFor: number,
  action: () => Promise<T>,
  onRetry?: (error: unknown) => void,
): Promise<T> {
  let waited = 0
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await action()
    } catch (error) {
      if (!BUSY[kind].some((name) => isNamed(error, name))) throw error
      if (waited >= retryFor) {
        throw new StoreBusyError(`The database's files were open elsewhere for ${waited} ms`, error)
      }
      mark('the files are still held by one who dies')
      onRetry?.(error)
      await environment.sleep(delay)
      waited += delay
    }
  }
}
