import { expect, test } from 'vitest'
import { memoryBlobs } from '../platform/simulated.ts'
import { createEngine } from '../primary/create-engine.ts'
import { BUILD } from '../protocol/version.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { createSyncReader } from './sync-reader.ts'

const ENDLESS = 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n'
const LIMIT = 30_000

test('P1.6 R23 a statement that runs for too long is ended, and a reader without a copy says so', async () => {
  let time = 0
  const clock = { mono: () => (time += 100) }
  const sqlite = await loadSqlite()
  const { databaseSize, readPages } = pagesOf(sqlite, clock)
  const reader = createSyncReader({ sqlite, clock, blobs: memoryBlobs() })
  const call = { op: 'statement', sql: ENDLESS, rows: 'all' } as const
  const none = { kind: 'error', error: { code: 'STATEMENT_REFUSED' } }
  expect([reader.version, reader.read(call, LIMIT)]).toMatchObject([null, none])
  reader.update({ op: 'begin', databaseSize })
  reader.update({ op: 'put', delta: readPages() })
  expect(reader.read(call, LIMIT)).toMatchObject(none)
  reader.update({ op: 'finish', position: { incarnation: 'i', epoch: 1, version: 3 } })
  expect(reader.version).toBe(3)
  expect(reader.read(call, LIMIT)).toMatchObject({ kind: 'error', error: { code: 'STATEMENT_TIMEOUT' } })
  expect(reader.read({ ...call, sql: 'select 1' }, LIMIT)).toMatchObject({ kind: 'rows', version: 3 })
  reader.update({ op: 'drop' })
  expect(reader.read(call, LIMIT)).toMatchObject(none)
})

test('P1.6 P4.1 a copy that cannot be kept is told once, and to each read, until another one begins', async () => {
  const clock = { mono: () => 0 }
  const sqlite = await loadSqlite()
  const { databaseSize, readPages } = pagesOf(sqlite, clock)
  const reader = createSyncReader({ sqlite, clock, blobs: memoryBlobs() })
  const call = { op: 'statement', sql: 'select 1', rows: 'all' } as const
  const position = { incarnation: 'i', epoch: 1, version: 3 }
  const copy = (): void => {
    expect(reader.update({ op: 'begin', databaseSize })).toBe(undefined)
    expect(reader.update({ op: 'put', delta: readPages() })).toBe(undefined)
    expect(reader.update({ op: 'finish', position })).toBe(undefined)
  }
  copy()
  const refused = { op: 'put', delta: { ...readPages(), databaseSize: Number.NaN } } as const
  expect(reader.update({ op: 'begin', databaseSize })).toBe(undefined)
  expect(reader.update(refused)).toMatchObject({
    code: 'INTERNAL',
    cause: expect.stringContaining('RangeError'),
  })
  expect(reader.update(refused)).toBe(undefined)
  expect(reader.read(call, LIMIT)).toMatchObject({ kind: 'error', error: { code: 'INTERNAL' } })
  expect(reader.version).toBe(null)
  copy()
  expect(reader.read(call, LIMIT)).toMatchObject({ kind: 'rows', version: 3 })
})

/** The pages of a new database. */
function pagesOf(sqlite: Awaited<ReturnType<typeof loadSqlite>>, clock: { readonly mono: () => number }) {
  const engine = createEngine({
    sqlite,
    store: createMemoryStore(),
    blobs: memoryBlobs(),
    clock,
    random: { id: () => '1'.repeat(32), number: () => 0 },
    options: { build: BUILD, migrations: [], onProgress: () => {} },
    expectedIncarnation: null,
  })
  const { databaseSize } = engine
  return { databaseSize, readPages: () => engine.readPages(1, databaseSize) }
}
