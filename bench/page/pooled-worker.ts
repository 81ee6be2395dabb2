import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { SCHEMA, WRITE } from './schema.ts'

/**
 * What an app has without Tutti: one worker, the official build's pooled VFS with its rollback journal, one
 * tab at a time. The statement is prepared once.
 */
async function openPooled(): Promise<(values: [string, string]) => void> {
  const sqlite3 = await sqlite3InitModule()
  const pool = await sqlite3.installOpfsSAHPoolVfs({ name: 'pooled', clearOnInit: true })
  const db = new pool.OpfsSAHPoolDb('/bench.sqlite3')
  db.exec('pragma page_size = 4096; pragma synchronous = full')
  db.exec(SCHEMA)
  const statement = db.prepare(WRITE)
  return (values) => {
    statement.bind(values).stepReset()
  }
}

const page = globalThis as unknown as MessagePort
const opened = openPooled()

page.onmessage = async ({ data }) => {
  const write = await opened
  if (data !== 'open') write(data)
  page.postMessage(null)
}
