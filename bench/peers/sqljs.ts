import initSqlJs, { type Database } from 'sql.js'
import wasmUrl from 'sql.js/dist/sql-wasm.wasm?url'
import { COUNT, INSERT, type Opener, READ, READ_MANY, type Row, SCHEMA, valuesOf } from './peer.ts'

/**
 * What many apps have: a database in the memory of each tab, loaded from a snapshot in IndexedDB when the tab
 * opens, and put back whole after each write. The tab that writes last overwrites the others.
 */
export const openSqljs: Opener = async ({ name }) => {
  const SQL = await initSqlJs({ locateFile: () => wasmUrl })
  const store = await openStore(name)
  const snapshot = await settle<Uint8Array | undefined>(store('readonly').get('snapshot'))
  const db = new SQL.Database(snapshot ?? null)
  if (snapshot === undefined) db.run(SCHEMA)

  async function persist(): Promise<void> {
    const request = store('readwrite').put(db.export(), 'snapshot')
    await new Promise<void>((resolve, reject) => {
      const { transaction } = request
      if (transaction === null) throw new Error('a request without its transaction')
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
    })
  }

  return {
    async write(tune) {
      db.run(INSERT, valuesOf(tune))
      await persist()
    },
    read: async (id) => rowsOf(db, READ, [id])[0],
    readNow: (id) => rowsOf(db, READ, [id])[0],
    readMany: async (after, count) => rowsOf(db, READ_MANY, [after, count]),
    async bulk(tunes) {
      db.run('begin')
      const statement = db.prepare(INSERT)
      for (const tune of tunes) statement.run(valuesOf(tune))
      statement.free()
      db.run('commit')
      await persist()
    },
    count: async () => Number(rowsOf(db, COUNT, [])[0]?.['n']),
    close: async () => db.close(),
  }
}

function rowsOf(db: Database, sql: string, values: number[]): Row[] {
  const statement = db.prepare(sql, values)
  const rows = []
  while (statement.step()) rows.push(statement.getAsObject())
  statement.free()
  return rows
}

async function openStore(name: string): Promise<(mode: IDBTransactionMode) => IDBObjectStore> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('snapshots')
  const db = await settle(request)
  return (mode) => db.transaction('snapshots', mode).objectStore('snapshots')
}

function settle<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the request failed'))
  })
}
