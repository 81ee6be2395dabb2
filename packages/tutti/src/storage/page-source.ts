import type { PageDelta } from '../protocol/values.ts'

/** Whoever has all pages of one version of the database: a replica, or the primary between transactions. */
export interface PageSource {
  /** In pages. */
  readonly databaseSize: number
  /** Pages `from`, `from + 1`, … up to `count` of them or the end. */
  readPages(from: number, count: number): PageDelta
}
