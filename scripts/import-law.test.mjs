import { describe, expect, it } from 'vitest'
import { allBreaches, breaches } from './import-law.mjs'

describe('the import law', () => {
  it('is kept by the library', async () => {
    expect(await allBreaches()).toEqual([])
  })

  it.each([
    ['cluster/election.ts', "import { Connection } from '../sqlite/connection.ts'"],
    ['cluster/election.ts', "import type { Store } from '../storage/store.ts'"],
    ['page/handle.ts', "import { join } from '../member/join.ts'"],
    ['storage/vfs.ts', "import { Lease } from '../cluster/lease.ts'"],
    ['protocol/messages.ts', "export * from '../cluster/epoch.ts'"],
    ['primary/executor.ts', "import sqlite from '@sqlite.org/sqlite-wasm'"],
    ['member/bootstrap.ts', "const { run } = await import('../primary/run.ts')"],
    ['member/join.ts', "import { browserPlatform } from '../platform/browser.ts'"],
    ['member/worker.ts', "import { simulate } from '../platform/simulated.ts'"],
    ['member/join.ts', "import {\n  a,\n  b,\n} from '../page/handle.ts'"],
    ['page/handle.ts', "import { debounce } from 'lodash'"],
    ['page/workers.ts', "import { loadSyncReader } from '../sync/reader.ts'"],
    ['page/handle.ts', "const { loadSyncReader } = await import('../sync/reader.ts')"],
    ['elsewhere/x.ts', ''],
  ])('refuses %s: %s', (file, text) => {
    expect(breaches(file, text)).toHaveLength(1)
  })

  it.each([
    ['page/handle.ts', "import type { Call } from '../protocol/call.ts'"],
    ['member/worker.ts', "import { browserPlatform } from '../platform/browser.ts'"],
    ['primary/executor.ts', "import { Statement } from '../sqlite/statement.ts'"],
    ['sqlite/load-sqlite.ts', "import init from '@sqlite.org/sqlite-wasm'"],
    ['storage/vfs.ts', "import { Device } from './device.ts'"],
    ['page/workers.ts', "return import('../sync/reader.ts')"],
    ['sync/reader.ts', "import { createReplica } from '../member/replica.ts'"],
    ['index.ts', "export { open } from './page/open.ts'"],
    ['page/open.ts', "/**\n * import { open } from 'tutti'\n */"],
  ])('accepts %s: %s', (file, text) => {
    expect(breaches(file, text)).toEqual([])
  })
})
