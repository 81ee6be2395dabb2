import type { ChangeSet, TableChange } from '../../protocol/values.ts'
import { foldName } from '../../sqlite/fold-name.ts'
import type { ReadSet, TableReads } from '../../sqlite/read-set.ts'

/** Which commits may change the result of one run of a live query. Where it is unsure, it says that they may. */
export class Watch {
  readonly #reads: ReadSet
  readonly #rows: ReadonlyMap<string, bigint | null>

  /**
   * @param rows of tables of which the run read one row at most: its rowid, `null` where there was none.
   *   Nobody else can have its key before that row itself has changed.
   */
  constructor(reads: ReadSet, rows: ReadonlyMap<string, bigint | null>) {
    this.#reads = reads
    this.#rows = rows
  }

  isTouchedBy({ all, tables }: ChangeSet): boolean {
    const changed = Object.entries(tables)
    if (all || (this.#reads.everything && changed.length > 0)) return true
    return changed.some(([name, change]) => {
      const table = foldName(name)
      const reads = this.#reads.tables.get(table)
      return reads !== undefined && concernsColumns(reads, change) && this.#concernsRows(table, change)
    })
  }

  #concernsRows(table: string, { rowids }: TableChange): boolean {
    const row = this.#rows.get(table)
    if (row === undefined || row === null || rowids === null) return true
    return rowids.some((rowid) => BigInt(rowid) === row)
  }
}

function concernsColumns({ columns: read }: TableReads, { columns: changed = null }: TableChange): boolean {
  if (read === null || changed === null) return true
  return changed.some((name) => read.has(foldName(name)))
}
