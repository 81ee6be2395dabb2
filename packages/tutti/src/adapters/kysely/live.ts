import type { Compilable } from 'kysely'
import type { Database, LiveOptions, LiveQuery, Params } from '../../index.ts'

/**
 * A query of Kysely's whose result is kept up to date: `db.live()` with its SQL and the type of its rows.
 * What plugins make of results is not done to them.
 *
 * @example
 * const tunes = live(db, kysely.selectFrom('tune').selectAll().where('mode', '=', 'Dorian'))
 * const stop = tunes.subscribe((rows) => show(rows))
 */
export function live<Row>(
  db: Database,
  query: Compilable<Row>,
  options?: Pick<LiveOptions, 'timeout'>,
): LiveQuery<Row> {
  const { sql, parameters } = query.compile()
  return db.live<Row>(sql, parameters as Params, options)
}
