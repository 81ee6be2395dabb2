import sqlite3InitModule, { type Database, type PreparedStatement } from '@sqlite.org/sqlite-wasm'
import { COUNT, INSERT, type OpenSettings, READ, READ_MANY, SCHEMA, type Tune, valuesOf } from '../peer.ts'
import { answerAsks } from './answer-asks.ts'

let db: Database
let close: () => void
const prepared = new Map<string, PreparedStatement>()

function prepare(sql: string): PreparedStatement {
  const statement = prepared.get(sql) ?? db.prepare(sql)
  prepared.set(sql, statement)
  return statement
}

function rowsOf(sql: string, values: number[]): unknown[] {
  const statement = prepare(sql)
  if (values.length > 0) statement.bind(values)
  const rows = []
  while (statement.step()) rows.push(statement.get({}))
  statement.reset()
  return rows
}

const write = (tune: Tune) => void prepare(INSERT).bind(valuesOf(tune)).stepReset()

answerAsks({
  async open({ name, create }: OpenSettings) {
    const sqlite3 = await sqlite3InitModule()
    const pool = await sqlite3.installOpfsSAHPoolVfs({ name })
    db = new pool.OpfsSAHPoolDb('/tunes.sqlite3')
    if (create) db.exec(SCHEMA)
    close = () => {
      for (const statement of prepared.values()) statement.finalize()
      db.close()
      pool.pauseVfs()
    }
  },
  write,
  read: (id: number) => rowsOf(READ, [id])[0],
  readMany: (after: number, count: number) => rowsOf(READ_MANY, [after, count]),
  bulk: (tunes: readonly Tune[]) =>
    db.transaction('IMMEDIATE', () => {
      for (const tune of tunes) write(tune)
    }),
  count: () => (rowsOf(COUNT, [])[0] as { n: number }).n,
  close: () => close(),
})
