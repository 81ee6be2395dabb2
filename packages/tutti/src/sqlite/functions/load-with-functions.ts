import { type LoadOptions, loadSqlite } from '../load-sqlite.ts'
import type { Sqlite } from '../sqlite.ts'
import { installFunctions } from './install-functions.ts'
import { loadFunctions } from './load-functions.ts'

/**
 * Starts an instance of SQLite that has the app's own functions.
 * @param url where they are; `null` where the app has none
 * @throws FunctionsFailedError
 */
export async function loadWithFunctions(options: LoadOptions, url: string | null): Promise<Sqlite> {
  const [sqlite, definitions] = await Promise.all([
    loadSqlite(options),
    url === null ? undefined : loadFunctions(url),
  ])
  if (definitions !== undefined) installFunctions(sqlite, definitions)
  return sqlite
}
