import type { PointRead } from './point-read.ts'

/**
 * What one statement reads, as far as it decides whether a commit may change its result. Names are in small
 * letters: SQLite's own are the same whatever their case.
 */
export interface ReadSet {
  /** It reads what no change set tells of, or calls what may give another result each time. */
  readonly everything: boolean
  /** So it does also where a parameter of it stands for the present. */
  readonly tellsTimes: boolean
  readonly tables: ReadonlyMap<string, TableReads>
}

export interface TableReads {
  /**
   * Of which columns the result may depend, by value or by order; `null`: of any. With none, it depends on
   * nothing but which rows there are.
   */
  readonly columns: ReadonlySet<string> | null
  /** Present where it reads one row of the table at most, found by a key. */
  readonly point?: PointRead
}
