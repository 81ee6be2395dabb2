import type { LiveSource, Params } from '../../index.ts'

/** What is used of a `Database`. */
export interface LiveDatabase {
  live<Row>(sql: string, params?: Params): LiveSource<Row>
}

/** The source that was given: SQL on a database, or with no SQL a source itself. */
export function findSource<Row>(
  from: LiveDatabase | LiveSource<Row> | undefined,
  sql: string | undefined,
  params: Params | undefined,
): LiveSource<Row> | undefined {
  if (sql === undefined) return from as LiveSource<Row> | undefined
  return (from as LiveDatabase | undefined)?.live<Row>(sql, params)
}

/** Whether they give the same rows, so that whoever follows one need not follow the other. */
export function sameSource<Row>(
  one: LiveSource<Row> | undefined,
  other: LiveSource<Row> | undefined,
): boolean {
  return one === other || (one?.key !== undefined && one.key === other?.key)
}
