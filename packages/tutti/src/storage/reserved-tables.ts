import type { Connection } from '../sqlite/connection.ts'
import { quoteName } from '../sqlite/quote-name.ts'

/** Names that begin so belong to Tutti: refused in SQL, not exported, not imported (R2). */
export const RESERVED_PREFIX = 'tutti_'

interface SchemaObject {
  readonly type: string
  readonly name: string
  readonly sql: string
}

/** Tutti's own tables, then their indexes; what SQLite makes by itself is left out. */
export function reservedObjects(connection: Connection): SchemaObject[] {
  const rows = connection.rows(
    `select type, name, sql from sqlite_schema
     where sql is not null and (lower(name) like 'tutti\\_%' escape '\\' or lower(tbl_name) like 'tutti\\_%' escape '\\')
     order by type = 'table' desc`,
  )
  return rows.map(([type, name, sql]) => ({ type: String(type), name: String(name), sql: String(sql) }))
}

/** Drops everything of Tutti's own. */
export function dropReserved(connection: Connection): void {
  for (const { type, name } of reservedObjects(connection)) {
    connection.exec(`drop ${type} if exists ${quoteName(name)}`)
  }
}

/** Makes the reserved tables of `from` anew in `to`, with their rows. */
export function copyReserved(from: Connection, to: Connection): void {
  for (const { type, name, sql } of reservedObjects(from)) {
    to.exec(sql)
    if (type !== 'table') continue
    const rows = from.prepare(`select * from ${quoteName(name)}`)
    const places = rows.columns.map(() => '?').join(', ')
    const insert = to.prepare(`insert into ${quoteName(name)} values (${places})`)
    try {
      while (rows.step()) insert.all(rows.row())
    } finally {
      rows.finalize()
      insert.finalize()
    }
  }
}
