import { describe, expect, it } from 'vitest'
import { InvalidImportError } from '../errors/errors.ts'
import { memoryBlobs } from '../platform/simulated.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { importInto, readImport } from './import.ts'
import { MemoryDevice } from './memory-device.ts'
import { createMemoryStore } from './memory-store.ts'
import { openPrimaryConnection } from './primary-connection.ts'
import { ReplicaFile } from './replica-file.ts'
import { ScratchDatabase } from './scratch-database.ts'
import { exportBytes } from './testing/export-bytes.ts'

const sqlite = await loadSqlite()

function primaryWith(sql: string) {
  const primary = openPrimaryConnection(sqlite, createMemoryStore())
  primary.connection.exec(sql)
  return primary
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks)
}

function imageOf(bytes: Uint8Array) {
  const device = new MemoryDevice()
  device.write(bytes, 0)
  return readImport(sqlite, device, memoryBlobs(), () => {})
}

/** A plain file made by SQLite outside Tutti's format. */
function foreignFile(sql: string): Uint8Array {
  const scratch = new ScratchDatabase(sqlite, new MemoryDevice())
  scratch.connection.exec(sql)
  const bytes = joined(scratch.device.chunks())
  scratch.close()
  return bytes
}

const OWN = `create table tutti_ledger(id text primary key, result) without rowid;
             insert into tutti_ledger values ('request 1', x'0102')`

describe('R2 export', () => {
  it('is a plain file in rollback mode, without reserved tables, from a primary and from a replica', async () => {
    const primary =
      primaryWith(`create table t(n integer primary key, v); insert into t values (1, 'a'), (2, 'b');
      create view v as select * from t; pragma user_version = 7; ${OWN}`)
    const replica = new ReplicaFile(sqlite)
    replica.apply(primary.files.readPages(1, 1000))
    for (const source of [primary.files, replica]) {
      const file = await exportBytes(sqlite, source)
      expect([...file.subarray(18, 20)]).toEqual([1, 1])
      const copy = new ScratchDatabase(sqlite, new MemoryDevice())
      copy.device.write(file, 0)
      expect(copy.connection.rows('select * from v')).toEqual([
        [1, 'a'],
        [2, 'b'],
      ])
      expect(copy.connection.scalar('pragma user_version')).toBe(7)
      expect(copy.connection.scalar('pragma integrity_check')).toBe('ok')
      expect(copy.connection.rows('select name from sqlite_schema order by name')).toEqual([['t'], ['v']])
      copy.close()
    }
    primary.close()
  })
})

describe('R2 import', () => {
  it('replaces the content in one commit, keeps the live reserved tables, and ignores those of the file', () => {
    const primary = primaryWith(`create table old(n); ${OWN}`)
    primary.files.takeDelta()
    const replica = new ReplicaFile(sqlite)
    replica.apply(primary.files.readPages(1, 1000))
    const bytes =
      foreignFile(`pragma page_size = 1024; create table t(n integer primary key autoincrement, v);
      insert into t(v) values ('x'), ('y'); create virtual table f using fts5(b); insert into f values ('hello');
      create table tutti_ledger(id, other); insert into tutti_ledger values ('theirs', 1); pragma user_version = 3`)
    const image = imageOf(bytes)
    importInto(
      primary.connection,
      image,
      () => {},
      (amended) => amended.exec(`insert into tutti_ledger values ('import', x'03')`),
    )
    image.close()
    const { connection } = primary
    expect(connection.rows('select id from tutti_ledger order by id')).toEqual([['import'], ['request 1']])
    expect(connection.rows('select v from t')).toEqual([['x'], ['y']])
    expect(connection.scalar(`select count(*) from f where f match 'hello'`)).toBe(1)
    expect(() => connection.exec('select * from old')).toThrow('no such table')
    expect(connection.scalar('pragma journal_mode')).toBe('wal')
    expect(connection.scalar('pragma integrity_check')).toBe('ok')
    const delta = primary.files.takeDelta()
    if (delta === null) throw new Error('The import made no commit')
    replica.apply(delta)
    expect(replica.connection.rows('select v from t')).toEqual([['x'], ['y']])
    connection.exec(`insert into t(v) values ('z')`)
    expect(connection.rows('select n from t')).toEqual([[1], [2], [3]])
    primary.close()
  })

  it('takes back what an export gave', async () => {
    const primary = primaryWith(`create table t(n); insert into t values (1); ${OWN}`)
    const other = primaryWith('create table u(n)')
    const image = imageOf(await exportBytes(sqlite, primary.files))
    importInto(other.connection, image, () => {})
    image.close()
    expect(other.connection.rows('select * from t')).toEqual([[1]])
    primary.close()
    other.close()
  })

  it('refuses what is not a sound database, and leaves the live one alone', () => {
    const sound = foreignFile(
      'create table t(v); insert into t select hex(zeroblob(3000)) from (values (1), (2), (3))',
    )
    const damaged = sound.slice()
    damaged.fill(0xff, 8192, 8300)
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode('not a database'.repeat(99)),
      damaged,
      sound.subarray(0, 9000),
    ]) {
      expect(() => imageOf(bytes)).toThrow(InvalidImportError)
    }
  })
})
