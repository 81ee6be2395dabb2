import { describe, expect, it } from 'vitest'
import { DatabaseDeletedError, SchemaAheadError, StorageCorruptError } from '../errors/errors.ts'
import { BUILD } from '../protocol/version.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { ReplicaFile } from '../storage/replica-file.ts'
import { EngineFixture, errorOf } from './testing/engine-fixture.ts'

const TABLE = [{ name: 'table', sql: 'create table t(a integer primary key, b)' }]

describe('opening', () => {
  it('a new database begins with an incarnation, epoch 1 and a commit', async () => {
    const { engine } = await EngineFixture.open()
    expect(engine.incarnation).toMatch(/^[0-9a-f]{32}$/)
    expect(engine).toMatchObject({ epoch: 1, version: 1, schema: 0, transactionOpen: false })
  })

  it('each opening raises the epoch and the version by one and keeps the incarnation', async () => {
    const fixture = await EngineFixture.open()
    const { incarnation } = fixture.engine
    fixture.exec('create table t(a)')
    fixture.reopen()
    expect(fixture.engine).toMatchObject({ incarnation, epoch: 2, version: 3 })
    fixture.reopen({ expectedIncarnation: incarnation })
    expect(fixture.engine).toMatchObject({ incarnation, epoch: 3, version: 4 })
  })

  it('R2: a database that is gone is not made anew for whoever knew it', async () => {
    const store = createMemoryStore()
    const expectedIncarnation = '1'.repeat(32)
    await expect(EngineFixture.open({ store, expectedIncarnation })).rejects.toThrow(DatabaseDeletedError)
    expect(store.main.size()).toBe(0)
    expect(store.wal.size()).toBe(0)
  })

  it('R2: another incarnation is refused and left as it is', async () => {
    const fixture = await EngineFixture.open()
    fixture.engine.close()
    const { store } = fixture
    await expect(EngineFixture.open({ store, expectedIncarnation: '1'.repeat(32) })).rejects.toThrow(
      DatabaseDeletedError,
    )
    const again = await EngineFixture.open({ store })
    expect(again.engine).toMatchObject({ incarnation: fixture.engine.incarnation, epoch: 2, version: 2 })
  })

  it('R4.1 P7: a build below the floor of the newest one that opened it is refused, and changes nothing', async () => {
    const fixture = await EngineFixture.open()
    const { store } = fixture
    const next = { ...BUILD, protocol: BUILD.protocol + 1 }
    fixture.reopen({ build: next })
    fixture.reopen()
    fixture.reopen({ build: { ...next, floor: next.protocol } })
    const { epoch, version } = fixture.engine
    fixture.engine.close()
    await expect(EngineFixture.open({ store })).rejects.toThrow(SchemaAheadError)
    // A build that is newer, and would let the older one in, does not lower it.
    const again = await EngineFixture.open({ store, build: next })
    expect(again.engine).toMatchObject({ epoch: epoch + 1, version: version + 1 })
    again.engine.close()
    await expect(EngineFixture.open({ store })).rejects.toThrow(SchemaAheadError)
  })

  it('what is not a database is a StorageCorruptError', async () => {
    const store = createMemoryStore()
    store.main.write(new Uint8Array(8192).fill(7), 0)
    await expect(EngineFixture.open({ store })).rejects.toThrow(StorageCorruptError)
  })
})

describe('R1: which replicas can follow', () => {
  it('R1: one of this epoch up to the version, of this incarnation only', async () => {
    const { engine } = await EngineFixture.open({ migrations: TABLE })
    const { incarnation } = engine
    expect(engine.reaches({ incarnation, epoch: 1, version: 2 })).toBe(true)
    expect(engine.reaches({ incarnation, epoch: 1, version: 3 })).toBe(false)
    expect(engine.reaches({ incarnation, epoch: 2, version: 2 })).toBe(false)
    expect(engine.reaches({ incarnation: 'x', epoch: 1, version: 2 })).toBe(false)
  })

  it('R1: one that is past the version a later epoch started from holds other pages and must rebuild', async () => {
    const fixture = await EngineFixture.open({ migrations: TABLE })
    fixture.run('insert into t values (1, 1)')
    const { incarnation, version } = fixture.engine
    fixture.reopen({ migrations: TABLE })
    expect(fixture.engine.version).toBe(version + 1)
    expect(fixture.engine.reaches({ incarnation, epoch: 1, version })).toBe(true)
    expect(fixture.engine.reaches({ incarnation, epoch: 1, version: version + 1 })).toBe(false)
    fixture.run('insert into t values (2, 2)')
    fixture.reopen({ migrations: TABLE })
    expect(fixture.engine.reaches({ incarnation, epoch: 1, version: version + 1 })).toBe(false)
    expect(fixture.engine.reaches({ incarnation, epoch: 2, version: version + 2 })).toBe(true)
    expect(fixture.engine.reaches({ incarnation, epoch: 2, version: version + 3 })).toBe(false)
  })

  it('R1: what an earlier primary left and what the opening committed bring a replica up to date', async () => {
    const fixture = await EngineFixture.open({ migrations: TABLE })
    const { version } = fixture.engine
    const replica = new ReplicaFile(await loadSqlite())
    replica.apply(fixture.engine.readPages(1, 1000))
    for (let i = 0; i < 5; i++) fixture.run('insert into t values (?, ?)', [i, 'x'.repeat(3000)])
    fixture.reopen({ migrations: [...TABLE, { name: 'more', sql: 'create table u(a)' }] })
    const { recovered } = fixture.engine
    expect(recovered.at(-1)?.version).toBe(fixture.engine.version)
    expect(recovered.map((each) => each.version)).toEqual(recovered.map((_, i) => i + 1))
    for (const commit of recovered) if (commit.version > version) replica.apply(commit.delta)
    expect(replica.connection.scalar('select count(*) from t')).toBe(5)
    expect(replica.connection.scalar('select count(*) from u')).toBe(0)
    expect(replica.connection.scalar("select value from tutti_meta where key = 'version'")).toBe(
      fixture.engine.version,
    )
  })
})

it('the pages read are those of the last commit', async () => {
  const fixture = await EngineFixture.open({ migrations: TABLE })
  fixture.run('insert into t values (1, 1)')
  const replica = new ReplicaFile(await loadSqlite())
  replica.apply(fixture.engine.readPages(1, 1000))
  expect(replica.databaseSize).toBe(fixture.engine.databaseSize)
  expect(replica.connection.rows('select * from t')).toEqual([[1, 1]])
  fixture.engine.begin()
  expect(errorOf(() => fixture.engine.readPages(1, 1))).toMatchObject({ code: 'INTERNAL' })
})
