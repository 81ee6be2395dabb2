import { loadSqlite } from '../../sqlite/load-sqlite.ts'
import { deleteStore, openStore, shelfOf, storeExists } from '../rungs.ts'
import type { StorageEnvironment } from '../storage-environment.ts'
import { type Place, type Store, StoreBusyError } from '../store.ts'
import {
  type ContractRunner,
  deviceContract,
  fenceContract,
  type StorePlace,
  storeContract,
} from './contract.ts'
import { shelfContract } from './shelf-contract.ts'

export interface ContractResult {
  readonly title: string
  /** Absent where the test passed. */
  readonly error?: string
}

/**
 * The contract suites on the browser's own storage; runs in a dedicated worker. `kinds` says which rungs
 * this browser is expected to have.
 */
export async function runBrowserContract(
  environment: StorageEnvironment,
  kinds: readonly ('opfs' | 'indexeddb')[],
): Promise<ContractResult[]> {
  const tests: { readonly title: string; readonly run: () => Promise<void> }[] = []
  const runner: ContractRunner = { test: (title, run) => void tests.push({ title, run }), equal }
  const sqlite = await loadSqlite()
  for (const kind of kinds) register(runner, environment, kind, sqlite)
  const results: ContractResult[] = []
  for (const { title, run } of tests) {
    try {
      await run()
      results.push({ title })
    } catch (error) {
      results.push({
        title,
        error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
      })
    }
  }
  return results
}

let places = 0

function register(
  runner: ContractRunner,
  environment: StorageEnvironment,
  kind: 'opfs' | 'indexeddb',
  sqlite: Awaited<ReturnType<typeof loadSqlite>>,
): void {
  const freshPlace = (): Place => ({ user: 'contract', database: `db-${Date.now()}-${++places}` })
  const open = (place: Place) => openStore(environment, place, { rungs: [kind] })
  const storePlace = async (): Promise<StorePlace> => {
    const place = freshPlace()
    return { open: () => open(place), delete: () => deleteStore(environment, place, kind) }
  }

  deviceContract(runner, `${kind} device`, async () => {
    const place = freshPlace()
    const store = await open(place)
    const device = store.main
    return {
      read: (into, at) => device.read(into, at),
      write: (from, at) => device.write(from, at),
      truncate: (size) => device.truncate(size),
      size: () => device.size(),
      flush: () => device.flush(),
      close: () => store.close(),
    }
  })
  storeContract(runner, kind, storePlace, sqlite)
  shelfContract(runner, kind, async () => ({
    shelf: await shelfOf(environment, kind),
    place: freshPlace(),
    open,
  }))
  if (kind === 'indexeddb') fenceContract(runner, kind, storePlace, sqlite)

  const withStore = (title: string, run: (place: Place, store: Store) => Promise<void>) =>
    runner.test(`${kind}: ${title}`, async () => {
      const place = freshPlace()
      const store = await open(place)
      try {
        await store.fence('incarnation', 1)
        store.main.write(new Uint8Array(8192).fill(1), 0)
        await store.flush()
        await run(place, store)
      } finally {
        store.close()
        await deleteStore(environment, place, kind)
      }
    })

  withStore('R26 exists once made, and no more once deleted', async (place, store) => {
    runner.equal(await storeExists(environment, place, ['opfs', 'indexeddb']), kind)
    runner.equal(
      await storeExists(environment, { ...place, database: 'never-made' }, ['opfs', 'indexeddb']),
      undefined,
    )
    store.close()
    await deleteStore(environment, place, kind)
    runner.equal(await storeExists(environment, place, ['opfs', 'indexeddb']), undefined)
  })

  withStore(
    'R26 the rung that holds the database wins over one that is listed before it',
    async (place, store) => {
      store.close()
      const order = kind === 'opfs' ? (['indexeddb', 'opfs'] as const) : (['opfs', 'indexeddb'] as const)
      const again = await openStore(environment, place, { rungs: order })
      runner.equal(again.kind, kind)
      again.close()
    },
  )

  if (kind === 'opfs') {
    withStore(
      'R26 waits for files that are open elsewhere, deletes nothing, and takes no other rung',
      async (place) => {
        let waits = 0
        const failure = await openStore(environment, place, {
          rungs: ['opfs', 'indexeddb'],
          retryFor: 60,
          onRetry: () => void waits++,
        }).then(
          () => 'opened',
          (error: unknown) => error instanceof StoreBusyError,
        )
        runner.equal(failure, true)
        runner.equal(waits > 2, true)
        runner.equal(await storeExists(environment, place, ['opfs']), 'opfs')
      },
    )
  }

  withStore('R29 says when the database is gone', async (place, store) => {
    runner.equal(await store.verify(), 'present')
    if (kind === 'indexeddb') await deleteStore(environment, place, kind)
    else
      await (await environment.storage?.getDirectory?.())
        ?.removeEntry('tutti', { recursive: true })
        .catch(() => undefined)
    // A browser that keeps an open file from being removed has nothing to notice.
    if ((await storeExists(environment, place, [kind])) === undefined)
      runner.equal(await store.verify(), 'gone')
  })
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`Expected ${b}, found ${a}`)
}
