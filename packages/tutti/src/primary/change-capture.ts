import type { ChangeSet, PageDelta } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { readTableKinds, type TableKinds } from './table-kinds.ts'

/** More changed rows than this of one table are not named one by one. */
const LARGEST_ROWID_LIST = 1000

/** Words of the database header that say "everything changed": schema cookie, user_version, application_id. */
const HEADER_WORDS = [40, 60, 68] as const

/** Everything must be assumed to have changed. */
export const EVERYTHING: ChangeSet = { all: true, tables: {} }

/**
 * Collects what each commit touched, from the pre-update hook: unlike the update hook it sees
 * `DELETE FROM t` without WHERE, the victims of REPLACE and WITHOUT ROWID tables. What it misses (schema
 * changes, header words) shows in the header of the first page.
 */
export class ChangeCapture {
  readonly #connection: Connection
  readonly #touched = new Map<string, Set<bigint> | null>()
  #header: string
  #kinds: TableKinds | undefined
  /** Of the latest row: rows come table by table. */
  #table = ''
  #rowids: Set<bigint> | null = null

  /** @param firstPage Page 1 as committed. */
  constructor(connection: Connection, firstPage: Uint8Array) {
    this.#connection = connection
    this.#header = headerWords(firstPage)
    connection.setPreUpdateHook((operation, table, oldRowid, newRowid) => {
      if (table !== this.#table) this.#turnTo(table)
      const rowids = this.#rowids
      if (rowids === null) return
      if (operation !== 'insert') rowids.add(oldRowid)
      if (operation !== 'delete') rowids.add(newRowid)
      if (rowids.size <= LARGEST_ROWID_LIST) return
      this.#touched.set(table, null)
      this.#rowids = null
    })
  }

  /** What the commit with these pages touched. Call after COMMIT. */
  take(delta: PageDelta): ChangeSet {
    const first = delta.numbers.indexOf(1)
    const header = first === -1 ? this.#header : headerWords(delta.bytes.subarray(first * PAGE_SIZE))
    if (header !== this.#header) return this.takeAll(delta.bytes.subarray(first * PAGE_SIZE))
    const tables: Record<string, { rowids: (number | bigint)[] | null }> = {}
    for (const [table, rowids] of this.#touched) this.#describe(tables, table, rowids)
    this.clear()
    return { all: false, tables }
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
    this.#rowids = null
  }

  #turnTo(table: string): void {
    this.#table = table
    if (table.startsWith('tutti_')) {
      this.#rowids = null
      return
    }
    let rowids = this.#touched.get(table)
    if (rowids === undefined) {
      rowids = new Set()
      this.#touched.set(table, rowids)
    }
    this.#rowids = rowids
  }

  #describe(
    tables: Record<string, { rowids: (number | bigint)[] | null }>,
    table: string,
    rowids: Set<bigint> | null,
  ): void {
    this.#kinds ??= readTableKinds(this.#connection)
    const named = rowids !== null && !this.#kinds.withoutRowid.has(table)
    tables[table] = { rowids: named ? Array.from(rowids, toNumber) : null }
    // Queries name the virtual table and never its shadows.
    const owner = this.#kinds.ownerOfShadow(table)
    if (owner !== undefined) tables[owner] = { rowids: null }
    if (this.#kinds.autoincrement.has(table)) tables['sqlite_sequence'] = { rowids: null }
  }
}

function headerWords(page: Uint8Array): string {
  const view = new DataView(page.buffer, page.byteOffset, 100)
  return HEADER_WORDS.map((at) => view.getUint32(at)).join()
}

function toNumber(rowid: bigint): number | bigint {
  const number = Number(rowid)
  return Number.isSafeInteger(number) ? number : rowid
}
