import type { Connection } from './connection.ts'
import { foldName } from './fold-name.ts'

/** A b-tree of the main database, by its root page. */
export interface Tree {
  /** In small letters, as all names here. */
  readonly table: string
  readonly root: number
  /** Absent: it is the table's own. */
  readonly index?: Index
}

export interface Index {
  /** The columns that it holds; `null` where it holds an expression. */
  readonly columns: readonly string[] | null
  /** Where it is unique: the columns that together only one row has, and how their values are compared. */
  readonly unique: readonly KeyColumn[] | undefined
}

export interface KeyColumn {
  readonly name: string
  readonly collation: string
}

export type TableKind = 'ordinary' | 'without rowid' | 'virtual' | 'virtual elsewhere'

interface Column {
  readonly name: string
  readonly stored: boolean
}

const VIRTUAL_GENERATED = 2
const ROWID = ['rowid', '_rowid_', 'oid'] as const

/** What a schema says of the tables that a statement names and of the b-trees that its program opens. */
export class SchemaCatalog {
  readonly kinds: ReadonlyMap<string, TableKind>
  readonly trees: ReadonlyMap<number, Tree>
  readonly #connection: Connection
  readonly #columns = new Map<string, readonly Column[]>()

  constructor(connection: Connection) {
    this.#connection = connection
    this.kinds = readKinds(connection)
    this.trees = readTrees(connection)
  }

  /** The columns of a rowid table that its rows hold, in their order there. */
  storedColumns(table: string): readonly string[] {
    return this.#columnsOf(table).flatMap(({ name, stored }) => (stored ? [name] : []))
  }

  /** A name under which a rowid table shows its rowid; `undefined` where columns hide all of them. */
  rowidOf(table: string): string | undefined {
    const columns = this.#columnsOf(table)
    return ROWID.find((rowid) => columns.every(({ name }) => name !== rowid))
  }

  /** The b-trees of a table: its own, and those of its indexes. */
  treesOf(table: string): Tree[] {
    return [...this.trees.values()].filter((tree) => tree.table === table)
  }

  #columnsOf(table: string): readonly Column[] {
    let columns = this.#columns.get(table)
    if (columns === undefined) {
      columns = this.#connection
        .rows('select name, hidden from pragma_table_xinfo(?) order by cid', [table])
        .map(([name, hidden]) => ({ name: foldName(String(name)), stored: hidden !== VIRTUAL_GENERATED }))
      this.#columns.set(table, columns)
    }
    return columns
  }
}

function readKinds(connection: Connection): Map<string, TableKind> {
  const list = connection
    .rows('pragma main.table_list')
    .map(([, name, type, , withoutRowid]) => ({ name: foldName(String(name)), type, withoutRowid }))
  const names = new Set(list.map(({ name }) => name))
  const kinds = new Map<string, TableKind>()
  for (const { name, type, withoutRowid } of list) {
    if (type === 'view') continue
    if (type !== 'virtual') kinds.set(name, withoutRowid === 1 ? 'without rowid' : 'ordinary')
    // FTS5 that keeps its text, and R-Tree. Any other reads tables that it does not own, or may.
    else if (names.has(`${name}_content`) || names.has(`${name}_node`)) kinds.set(name, 'virtual')
    else kinds.set(name, 'virtual elsewhere')
  }
  return kinds
}

function readTrees(connection: Connection): Map<number, Tree> {
  const trees = new Map<number, Tree>()
  const objects = connection.rows(
    'select type, name, tbl_name, rootpage from sqlite_schema where rootpage > 0',
  )
  for (const [type, name, table, root] of objects) {
    const lower = foldName(String(table))
    trees.set(
      Number(root),
      type === 'index'
        ? { table: lower, root: Number(root), index: readIndex(connection, String(name), String(table)) }
        : { table: lower, root: Number(root) },
    )
  }
  return trees
}

function readIndex(connection: Connection, name: string, table: string): Index {
  const held = connection
    .rows('select cid, name, coll, key from pragma_index_xinfo(?) order by seqno', [name])
    .map(([cid, column, collation, key]) => ({
      // -1 is the rowid, which only a commit that moves the row changes; -2 is an expression.
      cid: Number(cid),
      name: foldName(String(column)),
      collation: String(collation),
      key: key === 1,
    }))
  const [own] = connection.rows('select "unique", partial from pragma_index_list(?) where name = ?', [
    table,
    name,
  ])
  const expression = held.some(({ cid }) => cid === -2)
  return {
    columns: expression ? null : held.flatMap((column) => (column.cid >= 0 ? [column.name] : [])),
    unique: !expression && own?.[0] === 1 && own[1] === 0 ? held.filter(({ key }) => key) : undefined,
  }
}
