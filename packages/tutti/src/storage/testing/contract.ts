import type { Sqlite } from '../../sqlite/sqlite.ts'
import type { Device } from '../device.ts'
import { openPrimaryConnection } from '../primary-connection.ts'
import { FencedError, type Store } from '../store.ts'

/** What the suites need of a test runner: vitest in Node, a plain list in a browser's worker. */
export interface ContractRunner {
  test(title: string, run: () => Promise<void>): void
  /** Throws unless both are deeply equal. */
  equal(actual: unknown, expected: unknown): void
}

/** What every device must do. `make` gives an empty one, whose file nobody else has. */
export function deviceContract(runner: ContractRunner, name: string, make: () => Promise<Device>): void {
  const { equal } = runner
  const test = (title: string, run: (device: Device) => void) =>
    runner.test(`${name}: ${title}`, async () => {
      const device = await make()
      try {
        run(device)
      } finally {
        device.close()
      }
    })
  const bytes = (length: number, first = 1) => Uint8Array.from({ length }, (_, i) => (first + i * 7) % 251)
  const read = (device: Device, at: number, length: number) => {
    const into = new Uint8Array(length)
    return [...into.subarray(0, device.read(into, at))]
  }

  test('begins empty and reads nothing', (device) => {
    equal(device.size(), 0)
    equal(read(device, 0, 10), [])
    equal(read(device, 1_000_000, 10), [])
  })

  test('gives back what was written, also across the seams of its pieces', (device) => {
    const large = bytes(700_001)
    equal(device.write(large, 3), large.length)
    equal(device.size(), 700_004)
    for (const at of [3, 16_380, 262_140, 524_287, 699_990]) {
      equal(read(device, at, 13), [...large.subarray(at - 3, at + 10)])
    }
    equal(device.write(bytes(40, 99), 262_130), 40)
    equal(read(device, 262_120, 60), [
      ...large.subarray(262_117, 262_127),
      ...bytes(40, 99),
      ...large.subarray(262_167, 262_177),
    ])
  })

  test('reads short at the end of the file', (device) => {
    device.write(bytes(10), 0)
    equal(read(device, 4, 100), [...bytes(10).subarray(4)])
    equal(read(device, 10, 100), [])
  })

  test('fills a hole with zeros', (device) => {
    device.write(bytes(4), 50_000)
    equal(read(device, 49_998, 6), [0, 0, ...bytes(4)])
    equal(read(device, 0, 3), [0, 0, 0])
  })

  test('truncates, and shows zeros where it grows again', (device) => {
    device.write(bytes(50_000), 0)
    device.truncate(20_001)
    equal(device.size(), 20_001)
    equal(read(device, 19_999, 10), [...bytes(50_000).subarray(19_999, 20_001)])
    device.truncate(40_000)
    equal(device.size(), 40_000)
    equal(read(device, 20_000, 4), [...bytes(50_000).subarray(20_000, 20_001), 0, 0, 0])
    device.truncate(0)
    equal(device.size(), 0)
    device.flush()
  })

  test('takes views that begin inside a larger buffer', (device) => {
    const whole = bytes(100)
    device.write(whole.subarray(30, 40), 5)
    equal(read(device, 5, 10), [...whole.subarray(30, 40)])
    const into = new Uint8Array(20)
    equal(device.read(into.subarray(8, 18), 5), 10)
    equal([...into.subarray(8, 18)], [...whole.subarray(30, 40)])
    equal([into[7], into[18]], [0, 0])
  })
}

/** A place for one database, opened again and again as after a reload. */
export interface StorePlace {
  open(): Promise<Store>
  delete(): Promise<void>
}

/** What every store must do for a database. */
export function storeContract(
  runner: ContractRunner,
  name: string,
  place: () => Promise<StorePlace>,
  sqlite: Sqlite,
): void {
  const { equal } = runner
  const test = (title: string, run: (place: StorePlace) => Promise<void>) =>
    runner.test(`${name}: ${title}`, async () => {
      const target = await place()
      try {
        await run(target)
      } finally {
        await target.delete()
      }
    })

  test('P2 keeps flushed commits over a reopening, without closing the connection first', async (target) => {
    for (let epoch = 1; epoch <= 4; epoch++) {
      const store = await target.open()
      await store.fence('incarnation', epoch)
      const primary = openPrimaryConnection(sqlite, store)
      const { connection, files } = primary
      equal(connection.scalar('pragma integrity_check'), 'ok')
      connection.exec('create table if not exists t(n integer primary key, v)')
      equal(connection.scalar('select count(*) from t'), (epoch - 1) * 20)
      for (let i = 0; i < 20; i++) {
        connection.exec('insert into t(v) values (randomblob(2000))')
        await files.flush()
      }
      if (epoch === 2) primary.checkpoint()
      if (epoch === 2) await files.flush()
      equal(await store.verify(), 'present')
      store.close()
    }
  })

  test('holds a database larger than its caches', async (target) => {
    const store = await target.open()
    await store.fence('incarnation', 1)
    const primary = openPrimaryConnection(sqlite, store)
    primary.connection.exec(`create table t(n integer primary key, v);
      with recursive i(x) as (select 1 union all select x + 1 from i where x < 6000)
      insert into t select x, randomblob(4000) from i`)
    await primary.files.flush()
    primary.checkpoint()
    primary.connection.exec('update t set v = null where n = 5000')
    await primary.files.flush()
    primary.close()
    await primary.files.flush()
    store.close()
    const again = await target.open()
    await again.fence('incarnation', 2)
    const reopened = openPrimaryConnection(sqlite, again)
    equal(reopened.connection.rows('select count(*), count(v) from t'), [[6000, 5999]])
    equal(reopened.connection.scalar('pragma integrity_check'), 'ok')
    reopened.close()
    again.close()
  })
}

/** R27, for stores that two primaries can have open at once. */
export function fenceContract(
  runner: ContractRunner,
  name: string,
  place: () => Promise<StorePlace>,
  sqlite: Sqlite,
): void {
  const { equal } = runner
  const failure = async (action: () => Promise<unknown> | void) => {
    try {
      await action()
      return 'none'
    } catch (error) {
      return error instanceof FencedError ? 'fenced' : error
    }
  }
  const count = async (target: StorePlace, epoch: number) => {
    const store = await target.open()
    await store.fence('incarnation', epoch)
    const primary = openPrimaryConnection(sqlite, store)
    const rows = primary.connection.scalar('select count(*) from t')
    primary.close()
    store.close()
    return rows
  }

  runner.test(`${name}: R27 a flush of an older epoch fails and changes nothing`, async () => {
    const target = await place()
    const first = await target.open()
    await first.fence('incarnation', 1)
    const old = openPrimaryConnection(sqlite, first)
    old.connection.exec('create table t(n)')
    await old.files.flush()

    const second = await target.open()
    await second.fence('incarnation', 2)
    old.connection.exec('insert into t values (1)')
    equal(await failure(() => old.files.flush()), 'fenced')
    equal(old.files.poisoned, true)
    equal(await failure(() => first.flush()), 'fenced')

    const fresh = openPrimaryConnection(sqlite, second)
    equal(fresh.connection.scalar('select count(*) from t'), 0)
    fresh.connection.exec('insert into t values (2), (3)')
    await fresh.files.flush()
    fresh.close()
    first.close()
    second.close()
    equal(await count(target, 3), 2)
    await target.delete()
  })

  runner.test(
    `${name}: R27 refuses an older epoch, another incarnation, and a claim on what changed since it was read`,
    async () => {
      const target = await place()
      const first = await target.open()
      const stale = await target.open()
      await first.fence('incarnation', 5)
      equal(await failure(() => stale.fence('incarnation', 4)), 'fenced')
      const primary = openPrimaryConnection(sqlite, first)
      primary.connection.exec('create table t(n)')
      await primary.files.flush()
      equal(await failure(() => stale.fence('incarnation', 6)), 'fenced')
      equal(await failure(() => stale.flush()), 'none')
      const other = await target.open()
      equal(await failure(() => other.fence('another', 9)), 'fenced')
      primary.close()
      for (const store of [first, stale, other]) store.close()
      await target.delete()
      equal(await failure(async () => (await target.open()).close()), 'none')
      await target.delete()
    },
  )

  runner.test(
    `${name}: R27 a claim under which nothing was ever written is no database: the next one to make it takes it over`,
    async () => {
      const target = await place()
      const stopped = await target.open()
      await stopped.fence('never written', 1)
      const store = await target.open()
      equal(await failure(() => store.fence('incarnation', 1)), 'none')
      const [late, primary] = [openPrimaryConnection(sqlite, stopped), openPrimaryConnection(sqlite, store)]
      equal(await failure(() => late.files.flush()), 'fenced')
      primary.connection.exec('create table t(n)')
      equal(await failure(() => primary.files.flush()), 'none')
      for (const each of [late, primary, stopped, store]) each.close()
      equal(await count(target, 2), 0)
      await target.delete()
    },
  )
}
