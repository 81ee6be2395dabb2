import { DatabaseDeletedError, StorageCorruptError, StorageUnavailableError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { StorageKind } from '../protocol/values.ts'
import { backupsIn } from './backups.ts'
import { IndexedDbShelf } from './indexeddb-shelf.ts'
import { createMemoryStore } from './memory-store.ts'
import { isNamed } from './opfs-files.ts'
import { OpfsShelf } from './opfs-store.ts'
import { type Damage, damageOf, isMarked, setAside } from './quarantine.ts'
import type { Shelf } from './shelf.ts'
import type { StorageEnvironment } from './storage-environment.ts'
import { type Place, type Store, StoreBusyError } from './store.ts'

/** Where something can be kept. */
export type DurableKind = Exclude<StorageKind, 'memory'>

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
const UNSUPPORTED: Readonly<Record<DurableKind, readonly string[]>> = {
  opfs: ['SecurityError', 'UnknownError', 'NotSupportedError', 'NotAllowedError'],
  indexeddb: ['SecurityError', 'InvalidStateError'],
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
 * @throws StorageCorruptError where it was set aside as damaged and the app has not decided yet;
 *   StorageUnavailableError, DatabaseDeletedError, StoreBusyError, or the storage's own error.
 */
export async function openStore(
  environment: StorageEnvironment,
  place: Place,
  { rungs, retryFor = 5000, onRetry, mustExist = false }: OpenStoreOptions,
): Promise<Store> {
  // In memory there is never anything to be found: replicas may have it.
  const findable = mustExist && !rungs.includes('memory')
  const found = findable ? await storeExists(environment, place, rungs) : undefined
  if (findable && found === undefined) {
    throw new DatabaseDeletedError('The database that was open here is gone: open() makes a new one', {
      outcome: 'not-applied',
    })
  }
  const kind = found ?? (await chooseRung(environment, place, rungs))
  if (kind === 'memory') return (environment.memory ?? createMemoryStore)()
  const shelf = await shelfOf(environment, kind)
  const open = async () => {
    const damage = await damageOf(shelf, place)
    if (damage !== undefined) throw await corruptError(shelf, place, damage)
    return shelf.open(place)
  }
  return whileBusy(environment, shelf, retryFor, open, onRetry)
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

/**
 * The shelf that has this database or anything that was beside it; `undefined` where there is nothing.
 * @throws the storage's own error.
 */
export async function shelfWith(
  environment: StorageEnvironment,
  place: Place,
  rungs: readonly StorageKind[],
): Promise<Shelf | undefined> {
  for (const rung of rungs) {
    const found = await holds(environment, place, rung)
    if (rung === 'memory' || typeof found === 'object') continue
    const shelf = await shelfOf(environment, rung)
    if (found || (await shelf.beside(place).list()).length > 0) return shelf
  }
  return undefined
}

/** Deletes the database of this kind for good, and all that lies beside it; every store of it must be closed, or about to be. */
export async function deleteStore(
  environment: StorageEnvironment,
  place: Place,
  kind: StorageKind,
  retryFor = 5000,
): Promise<void> {
  if (kind === 'memory') return
  const shelf = await shelfOf(environment, kind)
  await whileBusy(environment, shelf, retryFor, () => shelf.delete(place))
}

/**
 * Sets a damaged database aside as `….corrupt-<at>.sqlite3`, and its log beside it; `at` is the wall clock, ms.
 * Deletes nothing. What everybody gets who opens it from now on, until the app decides.
 */
export async function quarantine(
  environment: StorageEnvironment,
  place: Place,
  kind: DurableKind,
  at: number,
  retryFor = 5000,
): Promise<StorageCorruptError> {
  const shelf = await shelfOf(environment, kind)
  const damage = await whileBusy(environment, shelf, retryFor, () => setAside(shelf, place, at))
  return corruptError(shelf, place, damage)
}

/** Where the databases of a kind are. @throws StorageUnavailableError */
export async function shelfOf(environment: StorageEnvironment, rung: DurableKind): Promise<Shelf> {
  const { storage, indexedDB } = environment
  if (rung === 'opfs' && storage?.getDirectory !== undefined)
    return new OpfsShelf(await storage.getDirectory())
  if (rung === 'indexeddb' && indexedDB !== undefined) return new IndexedDbShelf(indexedDB)
  throw new StorageUnavailableError(`${rung} does not exist here`)
}

async function corruptError(shelf: Shelf, place: Place, damage: Damage): Promise<StorageCorruptError> {
  const backup = backupsIn(await shelf.beside(place).list()).length > 0
  const offer = backup ? 'the last good backup or begin empty' : 'begin empty, for there is no backup'
  return new StorageCorruptError(
    `The database was damaged and set aside as ${damage.name}; nothing was deleted. recover() gives its bytes, and lets you ${backup ? 'restore ' : ''}${offer}.`,
    { outcome: 'not-applied', quarantined: damage.name, backup },
  )
}

async function holds(
  environment: StorageEnvironment,
  place: Place,
  rung: StorageKind,
): Promise<boolean | { readonly unsupported: string }> {
  if (rung === 'memory') return false
  const missing = missingApi(environment, rung)
  if (missing !== undefined) return { unsupported: `${missing} is missing` }
  try {
    const shelf = await shelfOf(environment, rung)
    // One that was set aside still belongs there: nothing is made in its place on another rung.
    return (await shelf.exists(place)) || (await isMarked(shelf, place))
  } catch (error) {
    const unsupported = unsupportedBy(rung, error)
    if (unsupported === undefined) throw error
    return { unsupported }
  }
}

/** Why a rung that could hold a new database cannot; `undefined` where it can, or is only busy or full. */
async function probe(environment: StorageEnvironment, rung: StorageKind): Promise<string | undefined> {
  if (rung === 'memory') return undefined
  try {
    await (await shelfOf(environment, rung)).probe?.(environment.randomId())
    return undefined
  } catch (error) {
    return unsupportedBy(rung, error)
  }
}

function unsupportedBy(rung: DurableKind, error: unknown): string | undefined {
  const name = UNSUPPORTED[rung].find((each) => isNamed(error, each))
  return name === undefined ? undefined : `${name}: ${(error as Error).message}`
}

function missingApi(environment: StorageEnvironment, rung: DurableKind): string | undefined {
  if (rung === 'indexeddb') return environment.indexedDB === undefined ? 'indexedDB' : undefined
  if (environment.storage?.getDirectory === undefined) return 'navigator.storage.getDirectory'
  const handles = environment.FileSystemFileHandle?.prototype
  return handles !== undefined && 'createSyncAccessHandle' in handles ? undefined : 'createSyncAccessHandle'
}

/** Repeats while the files are open elsewhere: a released lock is not yet a released handle. */
export async function whileBusy<T>(
  environment: StorageEnvironment,
  shelf: Pick<Shelf, 'busy'>,
  retryFor: number,
  action: () => Promise<T>,
  onRetry?: (error: unknown) => void,
): Promise<T> {
  let waited = 0
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await action()
    } catch (error) {
      if (!shelf.busy.some((name) => isNamed(error, name))) throw error
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
