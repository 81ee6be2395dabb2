import * as SQLite from '@journeyapps/wa-sqlite'
import SQLiteESMFactory from '@journeyapps/wa-sqlite/dist/wa-sqlite.mjs'
import { COUNT, INSERT, type OpenSettings, READ, READ_MANY, SCHEMA, type Tune, valuesOf } from '../peer.ts'
import { answerAsks } from './answer-asks.ts'
import { type VfsName, vfsClasses } from './wa-sqlite-vfs.ts'

let sqlite3: SQLiteAPI
let db: number
const prepared = new Map<string, number>()

async function prepare(sql: string): Promise<number> {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  for await (const statement of sqlite3.statements(db, sql, { unscoped: true })) {
    prepared.set(sql, statement)
    return statement
  }
  throw new Error(`no statement in ${sql}`)
}

async function rowsOf(sql: string, values: (number | string)[]): Promise<Record<string, unknown>[]> {
  const statement = await prepare(sql)
  try {
    sqlite3.bind_collection(statement, values)
    const names = sqlite3.column_names(statement)
    const rows = []
    while ((await sqlite3.step(statement)) === SQLite.SQLITE_ROW) {
      const row = sqlite3.row(statement)
      rows.push(Object.fromEntries(names.map((name, column) => [name, row[column]])))
    }
    return rows
  } finally {
    await sqlite3.reset(statement)
  }
}

answerAsks({
  async open({ name, create, vfs }: OpenSettings & { vfs: VfsName }) {
    const module = await SQLiteESMFactory()
    sqlite3 = SQLite.Factory(module)
    sqlite3.vfs_register(await vfsClasses[vfs].create(name, module), true)
    db = await sqlite3.open_v2(name)
    await sqlite3.exec(db, 'pragma synchronous = full')
    if (create) await sqlite3.exec(db, `begin immediate; ${SCHEMA} commit`)
  },
  write: (tune: Tune) => rowsOf(INSERT, valuesOf(tune)),
  read: async (id: number) => (await rowsOf(READ, [id]))[0],
  readMany: (after: number, count: number) => rowsOf(READ_MANY, [after, count]),
  async bulk(tunes: readonly Tune[]) {
    await sqlite3.exec(db, 'begin immediate')
    for (const tune of tunes) await rowsOf(INSERT, valuesOf(tune))
    await sqlite3.exec(db, 'commit')
  },
  count: async () => (await rowsOf(COUNT, []))[0]?.['n'],
  async close() {
    for (const statement of prepared.values()) await sqlite3.finalize(statement)
    await sqlite3.close(db)
  },
})
