import type { Connection } from '../sqlite/connection.ts'

/** What the pre-update hook does not tell of the tables whose rows it names. */
export interface TableKinds {
  /** Their rows have no rowid: the hook's numbers mean nothing. */
  readonly withoutRowid: ReadonlySet<string>
  /** A row added to one of them also changes `sqlite_sequence`, of which the hook says nothing. */
  readonly autoincrement: ReadonlySet<string>
  /** The virtual table that keeps its content in `table`; `undefined` when that is an ordinary one. */
  ownerOfShadow(table: string): string | undefined
}

/** Reads the kinds of all tables: once for each schema. */
export function readTableKinds(connection: Connection): TableKinds {
  const list = connection.rows('pragma main.table_list').map(([, name, type, , withoutRowid]) => ({
    name: String(name),
    type,
    withoutRowid: withoutRowid === 1,
  }))
  const virtual = list.filter(({ type }) => type === 'virtual').map(({ name }) => name)
  const shadows = new Map<string, string>()
  for (const { name, type } of list) {
    if (type !== 'shadow') continue
    const owner = virtual.find((candidate) => name.startsWith(`${candidate}_`))
    if (owner !== undefined) shadows.set(name, owner)
  }
  const autoincrement = connection.rows(
    `select name from sqlite_schema where type = 'table' and sql like '%autoincrement%'`,
  )
  return {
    withoutRowid: new Set(list.filter((table) => table.withoutRowid).map(({ name }) => name)),
    autoincrement: new Set(autoincrement.map(([name]) => String(name))),
    ownerOfShadow: (table) => shadows.get(table),
  }
}
