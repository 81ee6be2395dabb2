import type { Connection } from '../sqlite/connection.ts'

/** What the pre-update hook does not tell of the tables whose rows it names. */
export interface TableKinds {
  /** Their rows have no rowid: the hook's numbers mean nothing. */
  readonly withoutRowid: ReadonlySet<string>
  /** A row added to one of them also changes `sqlite_sequence`, of which the hook says nothing. */
  readonly autoincrement: ReadonlySet<string>
  /** The virtual table that keeps its content in `table`; `undefined` when that is an ordinary one. */
  ownerOfShadow(table: string): string | undefined
  /** Of an ordinary table, in the hook's order. */
  columnsOf(table: string): readonly Column[]
}

export interface Column {
  readonly name: string
  /** Made of other columns: the hook does not show its values. */
  readonly generated: boolean
}

/** What `pragma table_xinfo` says of a generated column, virtual or stored. */
const GENERATED: readonly unknown[] = [2, 3]

/** Reads the kinds of all tables: once for each schema. */
export function readTableKinds(connection: Connection): TableKinds {
  const list = connection.rows('pragma main.table_list').map(([, name, type, , withoutRowid]) => ({
    name: String(name),
    type,
    withoutRowid: withoutRowid === 1,
  }))
  const virtual = new Map(
    list.filter(({ type }) => type === 'virtual').map(({ name }) => [name.toLowerCase(), name]),
  )
  const shadows = new Map<string, string>()
  for (const { name, type } of list) {
    if (type !== 'shadow') continue
    // By SQLite's own rule: what stands before the last underscore. One owner's name may begin another's.
    const owner = virtual.get(name.slice(0, name.lastIndexOf('_')).toLowerCase())
    if (owner !== undefined) shadows.set(name, owner)
  }
  const autoincrement = connection.rows(
    `select name from sqlite_schema where type = 'table' and sql like '%autoincrement%'`,
  )
  const columns = new Map<string, readonly Column[]>()
  return {
    withoutRowid: new Set(list.filter((table) => table.withoutRowid).map(({ name }) => name)),
    autoincrement: new Set(autoincrement.map(([name]) => String(name))),
    ownerOfShadow: (table) => shadows.get(table),
    columnsOf(table) {
      let known = columns.get(table)
      if (known === undefined) {
        known = connection
          .rows('select name, hidden from pragma_table_xinfo(?) order by cid', [table])
          .map(([name, hidden]) => ({ name: String(name), generated: GENERATED.includes(hidden) }))
        columns.set(table, known)
      }
      return known
    },
  }
}
