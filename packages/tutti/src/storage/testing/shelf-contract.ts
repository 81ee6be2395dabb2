import { StorageCorruptError } from '../../errors/errors.ts'
import { backupsIn, saveBackup } from '../backups.ts'
import { damageOf, quarantinedIn, setAside } from '../quarantine.ts'
import type { Shelf } from '../shelf.ts'
import type { Place, Store } from '../store.ts'
import type { ContractRunner } from './contract.ts'

/** A place on a shelf where nothing is yet. */
export interface ShelfPlace {
  readonly shelf: Shelf
  readonly place: Place
  /** As a primary opens it: past the damage that stands in the way. */
  readonly open: (place: Place) => Promise<Store>
}

/** What every shelf must do with damaged databases and with backups (R29.1, R29.2). */
export function shelfContract(runner: ContractRunner, name: string, make: () => Promise<ShelfPlace>): void {
  const { equal } = runner
  const test = (title: string, run: (target: ShelfPlace) => Promise<void>) =>
    runner.test(`${name}: ${title}`, async () => {
      const target = await make()
      try {
        await run(target)
      } finally {
        await target.shelf.delete(target.place)
      }
    })
  const bytes = (length: number, first: number) =>
    Uint8Array.from({ length }, (_, i) => (first + i * 7) % 251)
  const fill = async ({ shelf, place }: ShelfPlace) => {
    const store = await shelf.open(place)
    await store.fence('incarnation', 1)
    store.main.write(bytes(20_000, 1), 0)
    store.wal.write(bytes(9000, 2), 0)
    store.main.flush()
    await store.flush()
    store.close()
  }
  const contentOf = async ({ shelf, place }: ShelfPlace, file: string) => [
    ...new Uint8Array(await (await shelf.beside(place).read(file)).arrayBuffer()),
  ]

  test('R29.1 sets a damaged database aside as a pair, byte by byte, and is not opened until decided', async (target) => {
    const { shelf, place, open } = target
    await fill(target)
    const damage = await setAside(shelf, place, 5)
    equal(damage, { name: 'corrupt-5.sqlite3', moved: true, marker: 'damaged-5' })
    equal(await contentOf(target, damage.name), [...bytes(20_000, 1)])
    equal((await contentOf(target, `${damage.name}-wal`)).slice(0, 9000), [...bytes(9000, 2)])
    equal(await shelf.exists(place), false)
    for (let i = 0; i < 2; i++) {
      const failure = await open(place).catch((error: unknown) => error)
      equal(failure instanceof StorageCorruptError && failure.quarantined, damage.name)
    }
    equal(await shelf.exists(place), false)
    await shelf.beside(place).remove(damage.marker)
    const anew = await open(place)
    equal(anew.main.size(), 0)
    anew.close()
    equal(
      quarantinedIn(await shelf.beside(place).list()).map(({ name: aside, at }) => [aside, at]),
      [['corrupt-5.sqlite3', 5]],
    )
  })

  test('R29.1 finishes a move that was cut short, under the first name', async (target) => {
    const { shelf, place } = target
    await fill(target)
    await shelf.beside(place).write('damaged-7', [])
    equal((await damageOf(shelf, place))?.name, 'corrupt-7.sqlite3')
    equal(await contentOf(target, 'corrupt-7.sqlite3'), [...bytes(20_000, 1)])
    equal(await shelf.exists(place), false)
    equal((await damageOf(shelf, place))?.moved, true)
  })

  test('R29.1 installs a file with an empty log', async (target) => {
    const { shelf, place } = target
    await shelf.install(place, [bytes(5000, 3), bytes(3000, 4)])
    const store = await shelf.open(place)
    const found = new Uint8Array(9000)
    equal(store.main.read(found, 0), 8000)
    equal([...found.subarray(0, 8000)], [...bytes(5000, 3), ...bytes(3000, 4)])
    equal(store.wal.size(), 0)
    store.close()
  })

  test('R29.2 keeps side files whole, replaces and removes them, and they are no databases', async (target) => {
    const { shelf, place } = target
    const beside = shelf.beside(place)
    equal(await beside.list(), [])
    await beside.remove('backup-none')
    equal(await beside.read('backup-none').catch((error: Error) => error.name), 'NotFoundError')
    await beside.write('backup-a', [bytes(1_200_000, 1), bytes(10, 2)])
    await beside.write('backup-a', [bytes(100, 5), bytes(10, 6)])
    await beside.write('backup-b', [])
    equal(await beside.list(), [
      { name: 'backup-a', size: 110 },
      { name: 'backup-b', size: 0 },
    ])
    equal(await contentOf(target, 'backup-a'), [...bytes(100, 5), ...bytes(10, 6)])
    equal(await shelf.exists(place), false)
    await beside.remove('backup-a')
    equal(await beside.list(), [{ name: 'backup-b', size: 0 }])
  })

  test('R29.2 keeps the newest backups, and one that was cut short is none', async (target) => {
    const { shelf, place } = target
    const beside = shelf.beside(place)
    const save = (at: number, pause = () => Promise.resolve()) =>
      saveBackup(
        beside,
        { at, version: at * 10, incarnation: 'a'.repeat(32), pieces: [bytes(5000, at), bytes(20, at)] },
        { keep: 2, pause },
      )
    for (const at of [1, 2, 3]) await save(at)
    if (name !== 'indexeddb') {
      const cut = await save(4, () => Promise.reject(new Error('cut'))).catch((error: Error) => error.message)
      equal(cut, 'cut')
    }
    const kept = backupsIn(await beside.list())
    equal(
      kept.map(({ at, version, size }) => [at, version, size]),
      [
        [3, 30, 5020],
        [2, 20, 5020],
      ],
    )
    equal((await contentOf(target, kept[0]?.name ?? '')).slice(0, 9), [...bytes(9, 3)])
  })

  test('P8 deletes what lies beside a database with it', async (target) => {
    const { shelf, place } = target
    await fill(target)
    const beside = shelf.beside(place)
    await beside.write('backup-1-1-a.sqlite3', [bytes(10, 1)])
    await setAside(shelf, place, 1)
    await fill(target)
    await shelf.delete(place)
    equal(await beside.list(), [])
    equal(await shelf.exists(place), false)
  })
}
