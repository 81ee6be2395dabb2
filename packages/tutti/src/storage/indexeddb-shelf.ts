import { DeviceFullError, isQuotaError } from './checked-io.ts'
import type { Device } from './device.ts'
import { requestOf } from './idb-requests.ts'
import { IndexedDbSideFiles, SIDE_STORES } from './indexeddb-side-files.ts'
import { FILES, META, openIndexedDbStore, replaceContent } from './indexeddb-store.ts'
import type { Shelf } from './shelf.ts'
import type { Place, Store } from './store.ts'

const VERSION = 1
const STORES = [...FILES, META]
const PIECE = 1024 * 1024

/**
 * Databases in IndexedDB, each in one of its own: `tutti/<user>/<database>`, and what lies beside it in
 * another, `tutti/<user>/<database>.aside`.
 */
export class IndexedDbShelf implements Shelf {
  readonly busy = []
  readonly #factory: IDBFactory

  constructor(factory: IDBFactory) {
    this.#factory = factory
  }

  /** Rejects where IndexedDB is there by name only, as in some private windows. */
  async exists(place: Place): Promise<boolean> {
    const database = await this.#openPresent(nameOf(place))
    database?.close()
    return database !== undefined
  }

  async open(place: Place): Promise<Store> {
    const database = await this.#open(nameOf(place), STORES)
    return openIndexedDbStore(database, () => this.exists(place))
  }

  /** Every open store of this database is told, and closes. */
  async delete(place: Place): Promise<void> {
    await requestOf(this.#factory.deleteDatabase(besideName(place)))
    await requestOf(this.#factory.deleteDatabase(nameOf(place)))
  }

  beside(place: Place): IndexedDbSideFiles {
    const name = besideName(place)
    return new IndexedDbSideFiles((create) =>
      create ? this.#open(name, SIDE_STORES) : this.#openPresent(name),
    )
  }

  async moveAside(place: Place, name: string): Promise<void> {
    if (!(await this.exists(place))) return
    const beside = this.beside(place)
    const store = await this.open(place)
    try {
      await beside.write(`${name}-wal`, piecesOf(store.wal))
      await beside.write(name, piecesOf(store.main))
    } finally {
      store.close()
    }
    await requestOf(this.#factory.deleteDatabase(nameOf(place)))
  }

  async install(place: Place, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const database = await this.#open(nameOf(place), STORES)
    try {
      await replaceContent(database, pieces)
    } catch (error) {
      throw isQuotaError(error) ? new DeviceFullError('The quota is exhausted', error) : error
    } finally {
      database.close()
    }
  }

  #open(name: string, stores: readonly string[]): Promise<IDBDatabase> {
    const request = this.#factory.open(name, VERSION)
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store)
    }
    return requestOf(request)
  }

  async #openPresent(name: string): Promise<IDBDatabase | undefined> {
    const request = this.#factory.open(name, VERSION)
    let isNew = false
    request.onupgradeneeded = () => {
      isNew = true
      // Undone, so that asking leaves no empty database behind.
      request.transaction?.abort()
    }
    try {
      return await requestOf(request)
    } catch (error) {
      if (isNew) return undefined
      throw error
    }
  }
}

function nameOf(place: Place): string {
  return `tutti/${place.user}/${place.database}`
}

function besideName(place: Place): string {
  return `${nameOf(place)}.aside`
}

function piecesOf(device: Device): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < device.size(); at += PIECE) {
    const piece = new Uint8Array(Math.min(PIECE, device.size() - at))
    device.read(piece, at)
    pieces.push(piece)
  }
  return pieces
}
