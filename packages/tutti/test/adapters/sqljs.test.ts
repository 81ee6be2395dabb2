import { IDBFactory } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { hasSnapshot, importSnapshot } from '../../src/adapters/sqljs.ts'
import { InvalidImportError, StatementRefusedError, StorageFailedError } from '../../src/errors/errors.ts'
import { inWorlds, type Player, type Stage } from '../simulation/scenarios/stage.ts'
import { inStore, keep, OTHER_KEY, PLACE, settle } from './kept-snapshot.ts'

const LIMIT = 60_000

async function keysIn(indexedDB: IDBFactory): Promise<IDBValidKey[]> {
  let keys: IDBValidKey[] = []
  await inStore(indexedDB, (store) => {
    const request = store.getAllKeys()
    request.onsuccess = () => {
      keys = request.result
    }
  })
  return keys
}

async function failure(stage: Stage, promise: Promise<unknown>): Promise<unknown> {
  return await settle(
    stage,
    promise.then(
      () => 'it did not fail',
      (error: unknown) => error,
    ),
  )
}

/** A snapshot with a tune of this title, as sql.js exports it. */
async function snapshotOf(stage: Stage, title: string): Promise<Uint8Array> {
  const { db } = await stage.open('old app', { name: title, migrations: [] })
  await stage.settle(db.exec(`create table tune (title text); insert into tune values ('${title}')`))
  const blob = await stage.settle(db.export())
  await stage.settle(db.close())
  return new Uint8Array(await blob.arrayBuffer())
}

const titles = ({ db }: Player) => db.values('select title from tune')

test(
  'R2.1 sqljs: a snapshot is moved in for every tab, and kept until the app confirms; others stay',
  inWorlds(1, async (stage) => {
    const place = await keep(await snapshotOf(stage, 'The Kesh'))
    const [a, b] = await stage.openAll(['A', 'B'], { migrations: [] })
    const moved = await settle(stage, importSnapshot(b.db, place))
    expect(moved?.changed).toBe(false)
    expect(await stage.settle(titles(a))).toEqual([['The Kesh']])
    expect(await keysIn(place.indexedDB)).toEqual([OTHER_KEY, PLACE.key])
    expect(await hasSnapshot(place)).toBe(true)
    expect(await moved?.confirm()).toBe(true)
    expect(await keysIn(place.indexedDB)).toEqual([OTHER_KEY])
    expect(await hasSnapshot(place)).toBe(false)
    expect(await moved?.confirm()).toBe(true)
    expect(await settle(stage, importSnapshot(b.db, place))).toBeUndefined()
  }),
  LIMIT,
)

test(
  'P3.1 R2.1 sqljs: it is moved in once: by two tabs at a time, after writes, after a reload, and where the primary dies meanwhile',
  inWorlds(3, async (stage) => {
    const bytes = await snapshotOf(stage, 'The Kesh')
    const place = await keep(bytes.slice().buffer)
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'], { migrations: [] })
    const both = Promise.all([importSnapshot(b.db, place), importSnapshot(c.db, place)])
    await stage.simulation.runFor(2)
    a.tab.kill()
    expect((await settle(stage, both)).map((moved) => moved?.changed)).toEqual([false, false])
    await stage.settle(b.db.run("insert into tune values ('later')"))
    c.tab.kill()
    const again = await stage.open('C', { migrations: [] })
    const moved = await settle(stage, importSnapshot(again.db, place))
    expect(moved?.changed).toBe(false)
    expect(await stage.settle(titles(again))).toEqual([['The Kesh'], ['later']])
  }),
  LIMIT,
)

test(
  'P7 R30 R2.1 sqljs: a tab that asks again after migrations have run gets the same answer, with others or alone',
  inWorlds(1, async (stage) => {
    const place = await keep(await snapshotOf(stage, 'The Kesh'))
    const a = await stage.open('A', { migrations: [] })
    await settle(stage, importSnapshot(a.db, place))
    await stage.settle(a.db.close())
    const migrations = [{ name: 'mode', sql: 'alter table tune add column mode text' }]
    const migrated = await stage.open('A', { migrations })
    const b = await stage.open('B', { migrations: [] })
    expect((await settle(stage, importSnapshot(b.db, place)))?.changed).toBe(false)
    expect(await stage.settle(migrated.db.all('select * from tune'))).toEqual([
      { title: 'The Kesh', mode: null },
    ])
    await stage.settle(migrated.db.close())
    await stage.settle(b.db.close())
    const alone = await stage.open('B', { migrations: [] })
    expect((await settle(stage, importSnapshot(alone.db, place)))?.changed).toBe(false)
  }),
  LIMIT,
)

test(
  'R2.1 sqljs: what an old build wrote since is neither moved in nor deleted',
  inWorlds(1, async (stage) => {
    const [first, second] = [await snapshotOf(stage, 'first'), await snapshotOf(stage, 'second')]
    const place = await keep(first)
    const a = await stage.open('A', { migrations: [] })
    const moved = await settle(stage, importSnapshot(a.db, place))
    await keep(second, place.indexedDB)
    expect(await moved?.confirm()).toBe(false)
    const again = await settle(stage, importSnapshot(a.db, place))
    expect(again?.changed).toBe(true)
    expect(await again?.confirm()).toBe(false)
    expect(await hasSnapshot(place)).toBe(true)
    expect(await stage.settle(titles(a))).toEqual([['first']])
  }),
  LIMIT,
)

test(
  'R2.1 sqljs: rows that are there are not replaced, unless that is asked for',
  inWorlds(1, async (stage) => {
    const place = await keep(await snapshotOf(stage, 'The Kesh'))
    const a = await stage.open('A', { migrations: [] })
    await stage.settle(
      a.db.exec(
        'create table "a ""b" (n integer primary key autoincrement); create virtual table f using fts5(x)',
      ),
    )
    await stage.settle(a.db.exec('insert into "a ""b" values (1)'))
    const error = await failure(stage, importSnapshot(a.db, place))
    expect(error).toBeInstanceOf(StatementRefusedError)
    expect(error).toMatchObject({ outcome: 'not-applied' })
    expect(await stage.settle(a.db.values('select * from "a ""b"'))).toEqual([[1]])
    await settle(stage, importSnapshot(a.db, { ...place, replace: true }))
    expect(await stage.settle(titles(a))).toEqual([['The Kesh']])
  }),
  LIMIT,
)

test(
  'R2.1 sqljs: tables without rows, such as migrations make, are no obstacle',
  inWorlds(1, async (stage) => {
    const place = await keep(await snapshotOf(stage, 'The Kesh'))
    const sql =
      'create table tune (id integer primary key autoincrement, title text); create virtual table f using fts5(x)'
    const a = await stage.open('A', { migrations: [{ name: '1', sql }] })
    await settle(stage, importSnapshot(a.db, place))
    expect(await stage.settle(titles(a))).toEqual([['The Kesh']])
  }),
  LIMIT,
)

test(
  'P4.1 R2.1 sqljs: what is no database is refused with a typed error, and kept',
  inWorlds(1, async (stage) => {
    const a = await stage.open('A')
    for (const value of [new Uint8Array(4096), 'text', new Uint8Array(0)]) {
      const place = await keep(value)
      const error = await failure(stage, importSnapshot(a.db, place))
      expect(error).toBeInstanceOf(InvalidImportError)
      expect(error).toMatchObject({ outcome: 'not-applied' })
      expect(await hasSnapshot(place)).toBe(true)
    }
    expect(await stage.values(a)).toEqual([])
  }),
  LIMIT,
)

test('R2.1 sqljs: an IndexedDB database that is not there is not made, and one that is there stays as it is', async () => {
  const indexedDB = new IDBFactory()
  expect(await hasSnapshot({ ...PLACE, indexedDB })).toBe(false)
  expect(await indexedDB.databases()).toEqual([])
  const place = await keep(new Uint8Array(1), indexedDB)
  expect(await hasSnapshot({ ...place, store: 'other' })).toBe(false)
  expect(await hasSnapshot({ ...place, key: 'other' })).toBe(false)
  expect(await hasSnapshot(place)).toBe(true)
  expect(await indexedDB.databases()).toEqual([{ name: PLACE.database, version: 3 }])
})

test('P4 P4.1 sqljs: an IndexedDB that fails or never answers is a typed error within a bound', async () => {
  const failing = {
    open: () => {
      throw new DOMException('not here', 'SecurityError')
    },
  } as unknown as IDBFactory
  await expect(hasSnapshot({ ...PLACE, indexedDB: failing })).rejects.toThrow(StorageFailedError)

  vi.useFakeTimers()
  try {
    const silent = { open: () => ({}) } as unknown as IDBFactory
    const asked = hasSnapshot({ ...PLACE, indexedDB: silent }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await asked).toBeInstanceOf(StorageFailedError)
  } finally {
    vi.useRealTimers()
  }
})
