import type { InspectedDatabase, InspectedValue } from './inspected-database.ts'
import { quoteIdentifier } from './quote-identifier.ts'

export interface ListedTable {
  readonly name: string
  readonly type: 'table' | 'view'
  /** The statement that made it. */
  readonly sql: string
  /** `null` where it could not be counted: a broken view, or a count that took too long. */
  readonly rows: number | bigint | null
}

const TABLES = `select name, type, sql from sqlite_schema
  where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' and name not like 'tutti\\_%' escape '\\'
  order by type, name`

/** A view may be endless: no count may take longer than this, ms. */
const COUNT_TIMEOUT = 2000

/**
 * The app's tables and views with their row counts; SQLite's and Tutti's own are left out.
 *
 * @throws what the database throws when the schema cannot be read
 */
export async function listTables(database: Pick<InspectedDatabase, 'query'>): Promise<ListedTable[]> {
  const { rows } = await database.query(TABLES, [], { readonly: true })
  const tables: ListedTable[] = []
  for (const [name, type, sql] of rows) tables.push(await describe(database, String(name), type, sql))
  return tables
}

async function describe(
  database: Pick<InspectedDatabase, 'query'>,
  name: string,
  type: InspectedValue | undefined,
  sql: InspectedValue | undefined,
): Promise<ListedTable> {
  return {
    name,
    type: type === 'view' ? 'view' : 'table',
    sql: typeof sql === 'string' ? sql : '',
    rows: await countRows(database, name),
  }
}

async function countRows(
  database: Pick<InspectedDatabase, 'query'>,
  name: string,
): Promise<number | bigint | null> {
  try {
    const sql = `select count(*) from ${quoteIdentifier(name)}`
    const { rows } = await database.query(sql, [], { readonly: true, timeout: COUNT_TIMEOUT })
    const count = rows[0]?.[0]
    return typeof count === 'number' || typeof count === 'bigint' ? count : null
  } catch {
    return null
  }
}
