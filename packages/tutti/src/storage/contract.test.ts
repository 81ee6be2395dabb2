import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { IndexedDbDevice } from './indexeddb-device.ts'
import { MemoryDevice } from './memory-device.ts'
import { createMemoryStore } from './memory-store.ts'
import { type ContractRunner, deviceContract, storeContract } from './testing/contract.ts'
import { FaultyDisk } from './testing/faulty-device.ts'
import { QuotaDisk } from './testing/quota-disk.ts'

const runner: ContractRunner = { test: it, equal: (actual, expected) => expect(actual).toEqual(expected) }
const sqlite = await loadSqlite()

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
})
