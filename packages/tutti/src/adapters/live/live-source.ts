import type { LiveSource, Params } from '../../index.ts'

/** What is used of a `Database`. */
export interface LiveDatabase {
  live<Row>(sql: string, params?: Params): LiveSource<Row>
}

/** A value, or what reads one that may change. */
type MaybeRead<Value> = Value | (() => Value)

/** The source that was given: SQL on a database, or with no SQL a source itself. */
export function findSource<Row>(
  from: MaybeRead<LiveDatabase | LiveSource<Row> | undefined>,
  sql: MaybeRead<string> | undefined,
  params: MaybeRead<Params | undefined>,
): LiveSource<Row> | undefined {
  const given = read(from)
  if (sql === undefined) return given as LiveSource<Row> | undefined
  return (given as LiveDatabase | undefined)?.live<Row>(read(sql), read(params))
}

function read<Value>(value: MaybeRead<Value>): Value {
  return typeof value === 'function' ? (value as () => Value)() : value
}

/** Whether they give the same rows, so that whoever follows one need not follow the other. */
export function sameSource<Row>(
  one: LiveSource<Row> | undefined,
  other: LiveSource<Row> | undefined,
): boolean {
  return one === other || (one?.key !== undefined && one.key === other?.key)
}
