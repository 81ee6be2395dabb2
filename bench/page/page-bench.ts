import { type Database, open } from 'tutti'
import { migrations, NOTE, WRITE } from './schema.ts'
import { startPooled } from './start-pooled.ts'
import { timeEach } from './time-each.ts'
import { startWriter, type Writer } from './writer.ts'

/** Which database: each user has one of their own. */
export interface OpenSettings {
  readonly user: string
  readonly storage?: 'opfs' | 'indexeddb'
}

let db: Database
let pooled: () => Promise<unknown>
let writer: Writer
let heard: { version: number; at: number }[] = []

/** What a measurement can have done in a tab. Times are milliseconds. */
export const pageBench = {
  /** How long `open()` took. */
  async open({ user, storage = 'opfs' }: OpenSettings): Promise<number> {
    const [took] = await timeEach(1, 1, async () => {
      db = await open({ user, migrations, storage: [storage], persist: false })
    })
    return took ?? Number.NaN
  },

  /** Resolves when reads are this tab's own affair; how long that took. */
  async replicaReady(): Promise<number> {
    const from = performance.now()
    while ((await db.status()).replica !== 'ready');
    return performance.now() - from
  },

  /** Adds rows of about 2,000 bytes each, in one transaction. */
  async fill(rows: number): Promise<void> {
    await db.run(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       insert into item (tune, note) select 'tune ' || i, hex(randomblob(1000)) from n`,
      [rows],
    )
  },

  writes: (n: number) => timeEach(n, 1, () => db.run(WRITE, ['a tune', NOTE])),

  /** `calls` writes made at once; what each cost. */
  writesAtOnce: async (n: number, calls: number) => {
    const all = await timeEach(n, 1, () =>
      Promise.all(Array.from({ length: calls }, () => db.run(WRITE, ['a tune', NOTE]))),
    )
    return all.map((took) => took / calls)
  },

  pointReads: (n: number, each: number) =>
    timeEach(n, each, (i) => db.get('select * from item where id = ?', [1 + (i % 1000)])),

  longReads: (n: number, each: number) =>
    timeEach(n, each, (i) => db.all('select * from item where id > ? order by id limit 100', [i % 900])),

  startWriting(): void {
    writer = startWriter(() => db.run(WRITE, ['a tune', NOTE]))
  },

  /** How long each write since `startWriting` took. */
  stopWriting: () => writer.stop(),

  /** When each write was made, by the version it became. */
  async datedWrites(n: number): Promise<{ version: number; at: number }[]> {
    const made = []
    for (let i = 0; i < n; i++) {
      const at = now()
      made.push({ at, version: (await db.run(WRITE, ['a tune', NOTE])).version })
    }
    return made
  },

  listen(): void {
    heard = []
    db.onChange(({ version }) => heard.push({ version, at: now() }))
  },

  /** When each commit since `listen` was heard of. */
  heard: () => heard,

  /** SQLite's official pooled VFS, in a worker of this tab. */
  async startPooled(): Promise<void> {
    pooled = await startPooled()
  },

  pooledWrites: (n: number) => timeEach(n, 1, pooled),
}

/** The same clock in all tabs. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
