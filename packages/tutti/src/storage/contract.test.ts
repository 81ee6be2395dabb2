import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it, vi } from 'vitest'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { IndexedDbDevice } from './indexeddb-device.ts'
import { IndexedDbShelf } from './indexeddb-shelf.ts'
import { MemoryDevice } from './memory-device.ts'
import { createMemoryStore } from './memory-store.ts'
import { openStore, shelfOf } from './rungs.ts'
import { type ContractRunner, deviceContract, fenceContract, storeContract } from './testing/contract.ts'
import { FaultyDisk } from './testing/faulty-device.ts'
import { QuotaDisk } from './testing/quota-disk.ts'
import { shelfContract } from './testing/shelf-contract.ts'

const runner: ContractRunner = { test: it, equal: (actual, expected) => expect(actual).toEqual(expected) }
const sqlite = await loadSqlite()

// A browser's global, which Node does not have.
vi.stubGlobal('IDBKeyRange', IDBKeyRange)

describe('the contract of devices', () => {
  deviceContract(runner, 'memory device', async () => new MemoryDevice())
  deviceContract(runner, 'IndexedDB device', async () => new IndexedDbDevice())
  deviceContract(runner, 'faulty device', async () => new FaultyDisk().open('file'))
  deviceContract(runner, 'quota device', async () => new QuotaDisk().open('file'))
})

describe('the contract of stores', () => {
  storeContract(
    runner,
    'memory',
    async () => {
      const [main, wal] = [new MemoryDevice(), new MemoryDevice()]
      return { open: async () => createMemoryStore(main, wal), delete: async () => undefined }
    },
    sqlite,
  )

  // In browsers the same suites run on the browser's own IndexedDB.
  const onIndexedDb = async () => {
    const shelf = new IndexedDbShelf(new IDBFactory())
    const place = { user: 'u', database: 'd' }
    return { open: () => shelf.open(place), delete: () => shelf.delete(place) }
  }
  storeContract(runner, 'indexeddb', onIndexedDb, sqlite)
  fenceContract(runner, 'indexeddb', onIndexedDb, sqlite)
})

describe('the contract of shelves', () => {
  shelfContract(runner, 'indexeddb', async () => {
    const environment = { indexedDB: new IDBFactory(), sleep: () => Promise.resolve(), randomId: () => 'id' }
    return {
      shelf: await shelfOf(environment, 'indexeddb'),
      place: { user: 'u', database: 'd' },
      open: (place) => openStore(environment, place, { rungs: ['indexeddb'] }),
    }
  })
})
