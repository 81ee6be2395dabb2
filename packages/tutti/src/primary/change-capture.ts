import type { ChangeSet, PageDelta, TableChange } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { readTableKinds, type TableKinds } from './table-kinds.ts'
import { TouchedTable } from './touched-table.ts'

/** Words of the database header that say "everything changed": schema cookie, user_version, application_id. */
const HEADER_WORDS = [40, 60, 68] as const

/** Everything must be assumed to have changed. */
export const EVERYTHING: ChangeSet = { all: true, tables: {} }

const WHOLE: TableChange = { rowids: null, columns: null }

/**
 * Collects what each commit touched, from the pre-update hook: unlike the update hook it sees
 * `DELETE FROM t` without WHERE, the victims of REPLACE and WITHOUT ROWID tables. What it misses (schema
 * changes, header words) shows in the header of the first page.
 */
export class ChangeCapture {
  readonly #connection: Connection
  readonly #touched = new Map<string, TouchedTable>()
  #header: string
  #kinds: TableKinds | undefined
  /** Of the latest row: rows come table by table. */
  #table = ''
  #latest: TouchedTable | undefined

  /** @param firstPage Page 1 as committed. */
  constructor(connection: Connection, firstPage: Uint8Array) {
    this.#connection = connection
    this.#header = headerWords(firstPage)
    connection.setPreUpdateHook((operation, table, oldRowid, newRowid) => {
      if (table !== this.#table) this.#turnTo(table)
      this.#latest?.touch(operation, oldRowid, newRowid)
    })
  }

  /** What the commit with these pages touched. Call after COMMIT. */
  take(delta: PageDelta): ChangeSet {
    const first = delta.numbers.indexOf(1)
    const header = first === -1 ? this.#header : headerWords(delta.bytes.subarray(first * PAGE_SIZE))
    if (header !== this.#header) return this.takeAll(delta.bytes.subarray(first * PAGE_SIZE))
    const tables = new Map<string, TableChange>()
    for (const [table, touched] of this.#touched) this.#describe(tables, table, touched)
    this.clear()
    return { all: false, tables: Object.fromEntries(tables) }
  }

  /** The same for a commit that replaced everything: only the header is looked at. */
  takeAll(firstPage: Uint8Array): ChangeSet {
    this.#header = headerWords(firstPage)
    this.#kinds = undefined
    this.clear()
    return EVERYTHING
  }

  /** After a rollback. */
  clear(): void {
    this.#touched.clear()
    this.#table = ''
    this.#latest = undefined
  }

  #turnTo(table: string): void {
    this.#table = table
    this.#latest = undefined
    if (table.startsWith('tutti_')) return
    this.#latest = this.#touched.get(table) ?? new TouchedTable(this.#connection.rowUpdate)
    this.#touched.set(table, this.#latest)
  }

  #describe(tables: Map<string, TableChange>, table: string, touched: TouchedTable): void {
    this.#kinds ??= readTableKinds(this.#connection)
    const { withoutRowid, columnsOf, ownerOfShadow, autoincrement } = this.#kinds
    tables.set(table, withoutRowid.has(table) ? WHOLE : touched.describe(columnsOf(table)))
    // Queries name the virtual table and never its shadows.
    const owner = ownerOfShadow(table)
    if (owner !== undefined) tables.set(owner, WHOLE)
    if (autoincrement.has(table)) tables.set('sqlite_sequence', WHOLE)
  }
}

function headerWords(page: Uint8Array): string {
  const view = new DataView(page.buffer, page.byteOffset, 100)
  return HEADER_WORDS.map((at) => view.getUint32(at)).join()
}
