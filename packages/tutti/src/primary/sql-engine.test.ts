import { describe, expect, it } from 'vitest'
import { InvalidImportError, StorageFullError } from '../errors/errors.ts'
import { memoryBlobs } from '../platform/simulated.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { exportBytes } from '../storage/testing/export-bytes.ts'
import { FaultyDisk } from '../storage/testing/faulty-device.ts'
import { QuotaDisk } from '../storage/testing/quota-disk.ts'
import { EngineBroken } from './engine.ts'
import { EngineFixture, errorOf } from './testing/engine-fixture.ts'

const MIGRATIONS = [{ name: 'schema', sql: 'create table t(a integer primary key, b)' }]
const sqlite = await loadSqlite()

async function fileWith(sql: string): Promise<Uint8Array<ArrayBuffer>> {
  const fixture = await EngineFixture.open()
  fixture.exec(sql)
  const bytes = await exportBytes(sqlite, fixture.engine)
  fixture.engine.close()
  return bytes
}

describe('import', () => {
  it('R2 R2.2: a Blob is read piece by piece, and is the same write as its bytes', async () => {
    const blobs = memoryBlobs()
    const fixture = await EngineFixture.open({ migrations: MIGRATIONS, blobs })
    const bytes = await fileWith('create table u(a); insert into u values (zeroblob(3000000))')
    const request = fixture.request()
    const { version } = fixture.engine.import(blobs.make(bytes), request)
    expect(fixture.values('select length(a) from u')).toEqual([[3_000_000]])
    expect(fixture.engine.import(bytes, request)).toEqual({ results: [], version, commit: null })
    const gone = errorOf(() => fixture.engine.import(new Blob(['x']), fixture.request()))
    expect(gone).toBeInstanceOf(InvalidImportError)
    expect(gone).toMatchObject({ outcome: 'not-applied' })
    fixture.engine.close()
  })

  it('R2: keeps incarnation, epoch and ledger, raises the version and makes every replica rebuild', async () => {
    const fixture = await EngineFixture.open({ migrations: MIGRATIONS })
    const earlier = fixture.request()
    const first = fixture.run('insert into t values (1, 1)', [], earlier)
    const { incarnation, epoch, version } = fixture.engine
    const bytes = await fileWith('create table u(a); insert into u values (7)')
    const request = fixture.request()
    const execution = fixture.engine.import(bytes, request)
    expect(execution).toMatchObject({
      version: version + 1,
      commit: { version: version + 1, changes: { all: true, tables: {} }, rebuild: true },
    })
    expect(fixture.engine).toMatchObject({ incarnation, epoch, version: version + 1, schema: 1 })
    expect(fixture.values('select * from u')).toEqual([[7]])
    expect(errorOf(() => fixture.values('select * from t'))).toMatchObject({ code: 'SQL' })
    expect(fixture.engine.recall(earlier.key)).toMatchObject({ version: first.version })
    expect(fixture.engine.import(bytes, request)).toEqual({ results: [], version: version + 1, commit: null })
    expect(fixture.engine.reaches({ incarnation, epoch, version })).toBe(false)
    expect(fixture.run('insert into u values (8)').version).toBe(version + 2)
    fixture.reopen({ migrations: MIGRATIONS })
    expect(fixture.engine).toMatchObject({ incarnation, epoch: epoch + 1, version: version + 3 })
    expect(fixture.engine.reaches({ incarnation, epoch, version })).toBe(false)
    expect(fixture.engine.reaches({ incarnation, epoch, version: version + 2 })).toBe(true)
    expect(fixture.values('select * from u')).toEqual([[7], [8]])
  })

  it('what is not a database changes nothing', async () => {
    const fixture = await EngineFixture.open({ migrations: MIGRATIONS })
    const { version } = fixture.engine
    const error = errorOf(() => fixture.engine.import(new Uint8Array(5000), fixture.request()))
    expect(error).toBeInstanceOf(InvalidImportError)
    expect(fixture.engine.version).toBe(version)
    expect(fixture.run('insert into t values (1, 1)').version).toBe(version + 1)
  })
})

describe('storage that fails', () => {
  it('a full disk is a StorageFullError, rolled back; reads and smaller writes go on', async () => {
    const disk = new QuotaDisk()
    const store = createMemoryStore(disk.open('main'), disk.open('wal'))
    const fixture = await EngineFixture.open({ store, migrations: MIGRATIONS })
    fixture.run("insert into t values (1, 'kept')")
    const { version } = fixture.engine
    disk.limit = disk.used + 100_000
    const request = fixture.request()
    const large = 'insert into t(b) values (zeroblob(1000000))'
    const error = errorOf(() => fixture.run(large, [], request))
    expect(error).toBeInstanceOf(StorageFullError)
    expect(error).toMatchObject({ outcome: 'not-applied' })
    expect(fixture.engine.recall(request.key)).toBeUndefined()
    expect(fixture.values('select b from t')).toEqual([['kept']])
    disk.limit = Number.POSITIVE_INFINITY
    expect(fixture.run(large, [], request).version).toBe(version + 1)
  })

  it('R17: whichever operation of a write fails, it is refused with certainty, or nobody is answered and the ledger knows', async () => {
    const seen = new Set<string>()
    for (const kind of ['throw', 'short', 'crash'] as const) {
      for (let at = 1; ; at++) {
        const disk = new FaultyDisk()
        const open = () => createMemoryStore(disk.open('main'), disk.open('wal'))
        const fixture = await EngineFixture.open({ store: open(), migrations: MIGRATIONS })
        fixture.run("insert into t values (1, 'before')")
        const request = fixture.request()
        disk.plan({ at, kind, andThenOn: true })
        const end = outcome(() => fixture.run("insert into t values (2, 'new')", [], request))
        const { hit } = disk
        expect(outcome(() => fixture.values('select 1 from t'))).toBe(end)
        disk.restart('none')
        fixture.engine.close()
        const next = await EngineFixture.open({ store: open(), migrations: MIGRATIONS })
        const committed = next.engine.recall(request.key) !== undefined
        expect(next.values('select b from t where a = 2')).toHaveLength(committed ? 1 : 0)
        expect(LEFT_BEHIND[end]).toContain(committed)
        expect(next.values('pragma integrity_check')).toEqual([['ok']])
        next.engine.close()
        seen.add(end)
        if (!hit) break
      }
    }
    expect([...seen].toSorted()).toEqual(['broken', 'done'])
  })
})

/** Whether the write may be there on reopening, by how it ended. */
const LEFT_BEHIND = { done: [true], refused: [false], broken: [true, false] }

function outcome(work: () => unknown): keyof typeof LEFT_BEHIND {
  try {
    work()
    return 'done'
  } catch (error) {
    return error instanceof EngineBroken ? 'broken' : 'refused'
  }
}
