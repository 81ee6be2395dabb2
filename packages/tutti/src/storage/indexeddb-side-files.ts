import { DeviceFullError, isQuotaError } from './checked-io.ts'
import { completed, requestOf } from './idb-requests.ts'
import type { SideFile, SideFiles } from './side-files.ts'

/** Object stores: pieces of content by `[name, index]`, and sizes by name. */
export const SIDE_STORES = ['piece', 'size'] as const
const [PIECE, SIZE] = SIDE_STORES

/** Side files as records of a database of their own; each is written in one transaction. */
export class IndexedDbSideFiles implements SideFiles {
  readonly #open: (create: boolean) => Promise<IDBDatabase | undefined>

  /** `open` gives the database that has them; `undefined` where there is none and none is to be made. */
  constructor(open: (create: boolean) => Promise<IDBDatabase | undefined>) {
    this.#open = open
  }

  async list(): Promise<readonly SideFile[]> {
    const files = await this.#with(false, async (database) => {
      const sizes = database.transaction(SIZE).objectStore(SIZE)
      const [names, values] = await Promise.all([
        requestOf(sizes.getAllKeys()) as Promise<string[]>,
        requestOf<number[]>(sizes.getAll()),
      ])
      return names.map((name, i) => ({ name, size: values[i] ?? 0 }))
    })
    return files ?? []
  }

  async read(name: string): Promise<Blob> {
    const blob = await this.#with(false, async (database) => {
      const transaction = database.transaction([...SIDE_STORES])
      const [size, pieces] = await Promise.all([
        requestOf<number | undefined>(transaction.objectStore(SIZE).get(name)),
        requestOf<Uint8Array<ArrayBuffer>[]>(transaction.objectStore(PIECE).getAll(piecesOf(name))),
      ])
      return size === undefined ? undefined : new Blob(pieces)
    })
    if (blob === undefined) throw new DOMException(`${name} is not there`, 'NotFoundError')
    return blob
  }

  async write(name: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    await this.#change(true, (transaction) => {
      const content = transaction.objectStore(PIECE)
      content.delete(piecesOf(name))
      for (const [i, piece] of pieces.entries()) content.put(piece, [name, i])
      const size = pieces.reduce((sum, { length }) => sum + length, 0)
      transaction.objectStore(SIZE).put(size, name)
    })
  }

  async remove(name: string): Promise<void> {
    await this.#change(false, (transaction) => {
      transaction.objectStore(PIECE).delete(piecesOf(name))
      transaction.objectStore(SIZE).delete(name)
    })
  }

  async #change(create: boolean, change: (transaction: IDBTransaction) => void): Promise<void> {
    await this.#with(create, async (database) => {
      const transaction = database.transaction([...SIDE_STORES], 'readwrite', { durability: 'strict' })
      const done = completed(transaction)
      try {
        change(transaction)
        await done
      } catch (error) {
        throw isQuotaError(error) ? new DeviceFullError('The quota is exhausted', error) : error
      }
    })
  }

  /** Opens it for one action only: whoever deletes the database would have to wait. */
  async #with<T>(create: boolean, use: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
    const database = await this.#open(create)
    if (database === undefined) return undefined
    try {
      return await use(database)
    } finally {
      database.close()
    }
  }
}

function piecesOf(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name, 0], [name, Number.MAX_SAFE_INTEGER])
}
