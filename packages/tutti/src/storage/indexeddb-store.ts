import { DeviceFullError, isQuotaError } from './checked-io.ts'
import { completed, requestOf } from './idb-requests.ts'
import { BLOCK_SIZE, type DirtyBlocks, IndexedDbDevice } from './indexeddb-device.ts'
import { FencedError, type Store, StoreGoneError } from './store.ts'

/** Object stores: the blocks of each file by index, and a few words by name. */
export const FILES = ['main', 'wal'] as const
export const META = 'meta'
const FENCE = 'fence'
/** Rises with each flush: what was read is out of date once it differs. */
const REVISION = 'revision'
const BLOCKS_AT_ONCE = 256

type FileName = (typeof FILES)[number]

/** Who may write. `owner` tells two primaries apart that both took the same epoch. */
interface Fence {
  readonly incarnation: string
  readonly epoch: number
  readonly owner: string
}

/**
 * Reads both files into memory. From then on nothing is read but the fence.
 *
 * @param exists whether there still is a database of this name, asked where the connection was lost
 */
export async function openIndexedDbStore(
  database: IDBDatabase,
  exists: () => Promise<boolean>,
): Promise<Store> {
  const transaction = database.transaction([...FILES, META])
  const [main, wal, revision] = await Promise.all([
    loadDevice(transaction, 'main'),
    loadDevice(transaction, 'wal'),
    requestOf<number | undefined>(transaction.objectStore(META).get(REVISION)),
  ])
  return new IndexedDbStore(database, exists, main, wal, revision ?? 0)
}

/** Makes `pieces` the content of a database nobody has open, with an empty log, in one transaction. */
export async function replaceContent(
  database: IDBDatabase,
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const device = new IndexedDbDevice()
  for (const piece of pieces) device.write(piece, device.size())
  const transaction = database.transaction([...FILES, META], 'readwrite', { durability: 'strict' })
  for (const store of [...FILES, META]) transaction.objectStore(store).clear()
  const { size, blocks } = device.takeDirty()
  for (const [index, bytes] of blocks) transaction.objectStore('main').put(bytes, index)
  transaction.objectStore(META).put(size, 'main')
  await completed(transaction)
}

class IndexedDbStore implements Store {
  readonly kind = 'indexeddb'
  readonly main: IndexedDbDevice
  readonly wal: IndexedDbDevice
  readonly #database: IDBDatabase
  readonly #exists: () => Promise<boolean>
  #fence: Fence | undefined
  #revision: number
  #gone = false
  /** The flush under way; a failed one fails all that follow, for its blocks are not written. */
  #flushed = Promise.resolve()

  constructor(
    database: IDBDatabase,
    exists: () => Promise<boolean>,
    main: IndexedDbDevice,
    wal: IndexedDbDevice,
    revision: number,
  ) {
    this.#database = database
    this.#exists = exists
    this.#revision = revision
    this.main = main
    this.wal = wal
    // Somebody deletes the database, and waits for this connection.
    database.onversionchange = () => {
      this.#gone = true
      database.close()
    }
  }

  async fence(incarnation: string, epoch: number): Promise<void> {
    const mine: Fence = { incarnation, epoch, owner: randomName() }
    const transaction = this.#begin([META])
    const meta = transaction.objectStore(META)
    const [theirs, revision] = await Promise.all([
      requestOf<Fence | undefined>(meta.get(FENCE)),
      requestOf<number | undefined>(meta.get(REVISION)),
    ])
    if ((revision ?? 0) !== this.#revision) {
      transaction.abort()
      throw new FencedError('Another primary wrote the database after it was read here')
    }
    // A claim under which nothing was ever flushed left no database that another could take the place of.
    const other = theirs !== undefined && this.#revision > 0 && theirs.incarnation !== incarnation
    if (other || (theirs !== undefined && theirs.incarnation === incarnation && theirs.epoch > epoch)) {
      transaction.abort()
      throw new FencedError(`Epoch ${theirs.epoch} of another primary has claimed the database`)
    }
    meta.put(mine, FENCE)
    const done = completed(transaction)
    transaction.commit()
    await done
    this.#fence = mine
  }

  flush(): Promise<void> {
    const previous = this.#flushed
    if (!this.main.dirty && !this.wal.dirty) return previous
    const dirty = { main: this.main.takeDirty(), wal: this.wal.takeDirty() }
    const written = this.#write(dirty)
    this.#flushed = Promise.all([previous, written]).then(() => undefined)
    // The caller hears of it; the chain alone must not count as unhandled.
    this.#flushed.catch(() => undefined)
    return this.#flushed
  }

  async verify(): Promise<'present' | 'gone'> {
    if (this.#gone) return 'gone'
    try {
      const found = await requestOf<Fence | undefined>(
        this.#database.transaction(META).objectStore(META).get(FENCE),
      )
      return found === undefined && this.#fence !== undefined ? 'gone' : 'present'
    } catch {
      // The browser ends a connection when site data is cleared, and when the disk is full: only one is the end.
      return (await this.#exists().catch(() => true)) ? 'present' : 'gone'
    }
  }

  close(): void {
    this.#database.close()
  }

  /** Queues everything at once, synchronously: the blocks are copied before anybody can change them. */
  async #write(dirty: Readonly<Record<FileName, DirtyBlocks>>): Promise<void> {
    const mine = this.#fence
    if (mine === undefined) throw new FencedError('Nobody has claimed the database yet')
    let fenced = false
    try {
      const transaction = this.#begin([...FILES, META])
      const meta = transaction.objectStore(META)
      const check: IDBRequest<Fence | undefined> = meta.get(FENCE)
      for (const file of FILES) {
        const { size, blocks } = dirty[file]
        const store = transaction.objectStore(file)
        for (const [index, bytes] of blocks) store.put(bytes, index)
        store.delete(IDBKeyRange.lowerBound(blockCount(size)))
        meta.put(size, file)
      }
      meta.put(++this.#revision, REVISION)
      check.onsuccess = () => {
        fenced = check.result?.owner !== mine.owner
        if (fenced) transaction.abort()
        else transaction.commit()
      }
      await completed(transaction)
    } catch (error) {
      if (fenced) throw new FencedError('Another primary has claimed the database')
      throw await this.#explain(error)
    }
  }

  #begin(stores: string[]): IDBTransaction {
    return this.#database.transaction(stores, 'readwrite', { durability: 'strict' })
  }

  async #explain(error: unknown): Promise<unknown> {
    if (isQuotaError(error)) return new DeviceFullError('The quota or the disk is full', error)
    if ((await this.verify()) === 'present') return error
    return new StoreGoneError('The database was deleted while it was open', error)
  }
}

async function loadDevice(transaction: IDBTransaction, file: FileName): Promise<IndexedDbDevice> {
  const size = (await requestOf<number | undefined>(transaction.objectStore(META).get(file))) ?? 0
  const blocks: Uint8Array<ArrayBuffer>[] = []
  const store = transaction.objectStore(file)
  for (let from = 0; from < blockCount(size); from += BLOCKS_AT_ONCE) {
    const range = IDBKeyRange.bound(from, from + BLOCKS_AT_ONCE - 1)
    blocks.push(...(await requestOf<Uint8Array<ArrayBuffer>[]>(store.getAll(range))))
  }
  return new IndexedDbDevice(blocks, size)
}

function blockCount(size: number): number {
  return Math.ceil(size / BLOCK_SIZE)
}

function randomName(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
