import { expect, it } from 'vitest'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { FULL, primaryCode } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { createMemoryStore } from './memory-store.ts'
import { openPrimaryConnection } from './primary-connection.ts'
import { QuotaDisk } from './testing/quota-disk.ts'

const sqlite = await loadSqlite()

function openOn(disk: QuotaDisk) {
  return openPrimaryConnection(sqlite, createMemoryStore(disk.open('main'), disk.open('wal')), {
    walReserve: 600_000,
    buffer: { chunkSize: 32_768, mostChunks: 4 },
  })
}

function codeOf(action: () => void): number {
  try {
    action()
    return 0
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error
    return primaryCode(error.resultCode)
  }
}

it('R25: with the quota full a write fails as SQLITE_FULL without a doubt, and a DELETE works', () => {
  const disk = new QuotaDisk()
  const { connection, files, checkpoint, close } = openOn(disk)
  connection.exec('create table t(n integer primary key, filler)')
  disk.limit = disk.used + 400_000
  const insert = connection.prepare('insert into t(filler) values (randomblob(3000))')
  let inserted = 0
  while (codeOf(() => insert.all()) === 0) {
    inserted++
    if (inserted % 50 === 0) checkpoint()
    expect(inserted).toBeLessThan(10_000)
  }
  expect(codeOf(() => insert.all())).toBe(FULL)
  expect(files.poisoned).toBe(false)
  expect(connection.autocommit).toBe(true)
  expect(connection.scalar('select count(*) from t')).toBe(inserted)

  // Whatever is committed fits into the file: the log can always be emptied, and then has room again.
  checkpoint()
  for (let i = 0; i < 10; i++) {
    connection.exec('delete from t where n in (select n from t limit 5)')
    checkpoint()
  }
  expect(connection.scalar('select count(*) from t')).toBe(inserted - 50)
  expect(files.poisoned).toBe(false)

  // The log is in use when one transaction turns out far larger than the room: it spills, fails, and leaves nothing.
  const many = `with recursive i(x) as (select 1 union all select x + 1 from i where x < 1000)
                insert into t(filler) select randomblob(3000) from i`
  connection.exec('update t set filler = null where n = (select max(n) from t)')
  expect(codeOf(() => connection.exec(many))).toBe(FULL)
  expect(files.poisoned).toBe(false)
  connection.exec('delete from t where n in (select n from t limit 5)')
  expect(codeOf(() => connection.exec(many))).toBe(FULL)
  checkpoint()
  expect(files.poisoned).toBe(false)
  expect(connection.scalar('select count(*) from t')).toBe(inserted - 55)

  disk.limit = Number.POSITIVE_INFINITY
  connection.exec(many)
  expect(connection.scalar('select count(*) from t')).toBe(inserted + 945)
  expect(connection.scalar('pragma integrity_check')).toBe('ok')
  close()

  const again = openOn(disk)
  expect(again.connection.scalar('select count(*) from t')).toBe(inserted + 945)
  expect(again.connection.scalar('pragma integrity_check')).toBe('ok')
  again.close()
})

it('R25: a database opens, reads and deletes while the quota is full already', () => {
  const disk = new QuotaDisk()
  const first = openOn(disk)
  first.connection.exec('create table t(n integer primary key, filler)')
  first.connection.exec('insert into t(filler) values (randomblob(3000)), (randomblob(3000))')
  first.close()
  disk.limit = 0
  const again = openOn(disk)
  again.connection.exec('delete from t where n = 1')
  expect(again.connection.scalar('select count(*) from t')).toBe(1)
  expect(again.files.poisoned).toBe(false)
  again.close()
})

it('R25: a commit for which the log has no room left fails before its mark, and a checkpoint makes room', () => {
  const disk = new QuotaDisk()
  const { connection, files, checkpoint, close } = openOn(disk)
  connection.exec('create table t(n integer primary key, filler); insert into t values (1, null)')
  disk.limit = disk.used
  const update = connection.prepare('update t set filler = ?')
  let updates = 0
  while (codeOf(() => update.all([++updates])) === 0) expect(updates).toBeLessThan(10_000)
  expect(updates).toBeGreaterThan(100)
  expect(files.poisoned).toBe(false)
  expect(connection.scalar('select filler from t')).toBe(updates - 1)
  checkpoint()
  update.all(['after'])
  expect(connection.scalar('select filler from t')).toBe('after')
  close()
})

it.each(['another write', 'a checkpoint'] as const)(
  'R25: what was rolled back needs no room: before %s',
  (next) => {
    const disk = new QuotaDisk()
    const { connection, files, checkpoint, close } = openOn(disk)
    connection.exec(
      'pragma cache_size = 5; create table t(n integer primary key, filler); insert into t values (1, null)',
    )
    disk.limit = disk.used
    for (let i = 0; i < 140; i++) connection.exec(`update t set filler = ${i}`)
    // Past the end of the log, but not more than its buffer holds: nothing of it reaches the storage.
    connection.exec(
      'begin; update t set filler = randomblob(80000); insert into t values (2, randomblob(4000)); rollback',
    )
    if (next === 'a checkpoint') checkpoint()
    connection.exec(`update t set filler = 'last'`)
    expect(files.poisoned).toBe(false)
    expect(connection.rows('select * from t')).toEqual([[1, 'last']])
    close()
  },
)
