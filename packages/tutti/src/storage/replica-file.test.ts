import { describe, expect, it } from 'vitest'
import type { Connection } from '../sqlite/connection.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from './memory-store.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import { openPrimaryConnection } from './primary-connection.ts'
import { ReplicaFile } from './replica-file.ts'

const sqlite = await loadSqlite()

/** A primary with a small cache and buffer, so that large transactions spill, and a replica that follows it. */
function pair() {
  const store = createMemoryStore()
  const primary = openPrimaryConnection(sqlite, store, { buffer: { chunkSize: 32_768, mostChunks: 3 } })
  primary.connection.exec('pragma cache_size = 10')
  const replica = new ReplicaFile(sqlite)
  replica.apply(primary.files.readPages(1, 1_000_000))
  const write = (sql: string) => {
    primary.connection.exec(sql)
    const delta = primary.files.takeDelta()
    if (delta !== null) replica.apply(delta)
    return delta
  }
  return { ...primary, store, replica, write }
}

/** All pages, without the header bytes that a replica keeps for itself. */
function pagesOf(source: PageSource): Uint8Array {
  const { bytes } = source.readPages(1, source.databaseSize)
  for (const [from, to] of [
    [18, 20],
    [24, 28],
    [92, 96],
  ] as const) {
    bytes.fill(0, from, to)
  }
  return bytes
}

function expectEqual(primary: { readonly files: PageSource }, replica: ReplicaFile): void {
  expect(replica.databaseSize).toBe(primary.files.databaseSize)
  expect(Buffer.compare(pagesOf(primary.files), pagesOf(replica))).toBe(0)
  expect(replica.connection.scalar('pragma integrity_check')).toBe('ok')
}

const many = (rows: number, expression: string) =>
  `with recursive i(x) as (select 1 union all select x + 1 from i where x < ${rows}) ${expression} from i`

describe('a replica follows by page deltas', () => {
  it('R9 shows each commit to a connection that has the old pages decoded and a statement prepared', () => {
    const { write, replica, connection } = pair()
    write('create table t(n integer primary key, v text); create index t_v on t(v)')
    write(many(500, `insert into t select x, 'value ' || x`))
    const read: Connection = replica.connection
    const statement = read.prepare('select v from t where n = ?')
    const count = read.prepare('select count(*), max(v) from t')
    expect(statement.all([7])).toEqual([['value 7']])
    for (let i = 0; i < 50; i++) {
      write(`update t set v = 'changed ${i}' where n = 7`)
      expect(statement.all([7])).toEqual([[`changed ${i}`]])
      write(`insert into t(v) values ('zz ${String(i).padStart(3, '0')}')`)
      expect(count.all()).toEqual(connection.rows('select count(*), max(v) from t'))
    }
  })

  it('R1 keeps byte-equal pages through schema changes, WITHOUT ROWID, FTS5, truncation and VACUUM', () => {
    const shown = pair()
    const { write, replica, connection, checkpoint } = shown
    write('create table t(n integer primary key, v text)')
    replica.connection.exec('select * from t')
    write('alter table t add column extra default 5')
    write(`create table w(k text primary key, v) without rowid; insert into w values ('a', 1), ('b', 2)`)
    write('create virtual table f using fts5(body)')
    write(many(300, `insert into f select 'tune number ' || x`))
    const match = replica.connection.prepare(`select count(*) from f where f match 'number'`)
    expect(match.all()).toEqual([[300]])
    write('delete from f where rowid > 100')
    expect(match.all()).toEqual([[100]])
    expect(replica.connection.rows('select * from w')).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    write(many(2000, 'insert into t(v) select hex(randomblob(200))'))
    expectEqual(shown, replica)
    write('delete from t where n > 10')
    write('vacuum')
    expectEqual(shown, replica)
    expect(replica.databaseSize).toBeLessThan(60)
    checkpoint()
    write('drop table w')
    expect(() => replica.connection.exec('select * from w')).toThrow('no such table')
    expectEqual(shown, replica)
    expect(connection.scalar('select extra from t')).toBe(replica.connection.scalar('select extra from t'))
  })

  it('takes final bytes of spilled pages that changed again, of rolled-back savepoints, and nothing of a rollback', () => {
    const shown = pair()
    const { write, connection, files, replica } = shown
    write('create table t(n integer primary key, v blob); create index t_v on t(v)')
    write(many(400, 'insert into t select x, randomblob(300)'))
    // Far more pages than the cache holds: they are spilled, overwritten in place, and mended at the end.
    write(`begin; update t set v = randomblob(300); update t set v = zeroblob(300) where n % 2; commit`)
    expectEqual(shown, replica)
    write(`begin; update t set v = randomblob(301); savepoint a; update t set v = randomblob(302);
           delete from t where n > 200; rollback to a; update t set v = x'01' where n < 9; commit`)
    expectEqual(shown, replica)
    connection.exec('begin; update t set v = randomblob(299); delete from t where n % 3 = 0; rollback')
    expect(files.takeDelta()).toBeNull()
    write(`insert into t(v) values (x'02')`)
    expectEqual(shown, replica)
    write(
      `begin; update t set v = randomblob(303); savepoint a; update t set v = randomblob(304); rollback to a; commit`,
    )
    expectEqual(shown, replica)
  })

  it('stays equal over a long random history with checkpoints', { timeout: 60_000 }, () => {
    const shown = pair()
    const { write, replica, checkpoint } = shown
    let state = 42
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
    write('create table t(n integer primary key, v blob, k); create index t_k on t(k)')
    for (let i = 0; i < 200; i++) {
      const rows = random(60)
      const statement = [
        `insert into t(v, k) values (randomblob(${random(9000)}), ${random(100)})`,
        many(rows + 1, `insert into t(v, k) select randomblob(${random(500)}), x`),
        `delete from t where k = ${random(60)}`,
        `update t set v = randomblob(${random(3000)}), k = k + 1 where n % 7 = ${random(7)}`,
        `begin; update t set k = k + 1; savepoint s; delete from t where n % 2; rollback to s; commit`,
      ][random(5)]
      write(statement ?? '')
      if (random(15) === 0) checkpoint()
      if (i % 20 === 0) expectEqual(shown, replica)
    }
    expectEqual(shown, replica)
    expect(replica.databaseSize).toBeGreaterThan(20)
  })
})

describe('what a new primary finds', () => {
  it('serves the commits that an earlier one left in the WAL, oldest first', () => {
    const { write, replica, store, close, files } = pair()
    write('create table t(n)')
    const behind = new ReplicaFile(sqlite)
    behind.apply(files.readPages(1, 1000))
    const deltas = [1, 2, 3].map((n) => write(`insert into t values (${n})`))
    // The tab dies: the connection is not closed, so nothing is checkpointed.
    const next = openPrimaryConnection(sqlite, store)
    const recovered = next.files.recovered()
    expect(recovered.slice(-3)).toEqual(
      deltas.map((delta) => ({
        numbers: delta?.numbers,
        bytes: delta?.bytes,
        databaseSize: delta?.databaseSize,
      })),
    )
    for (const delta of recovered.slice(-3)) behind.apply(delta)
    expect(behind.connection.rows('select n from t')).toEqual([[1], [2], [3]])
    expectEqual(next, replica)
    expectEqual(next, behind)
    expect(next.files.recovered(PAGE_SIZE)).toHaveLength(1)
    next.connection.exec('insert into t values (4)')
    expect(next.files.recovered()).toEqual([])
    next.close()
    close()
  })

  it('says so when a commit has too many pages to collect', () => {
    const primary = openPrimaryConnection(sqlite, createMemoryStore(), { deltaLimit: 20 * PAGE_SIZE })
    primary.connection.exec('create table t(v)')
    expect(primary.files.takeDelta()?.complete).toBe(true)
    primary.connection.exec(many(300, 'insert into t select randomblob(900)'))
    const delta = primary.files.takeDelta()
    expect(delta?.complete).toBe(false)
    expect(delta?.databaseSize).toBe(primary.files.databaseSize)
    primary.close()
  })
})
