import { FunctionsFailedError } from '../../errors/errors.ts'
import type { SqlFunctions } from '../../protocol/functions.ts'
import { Connection } from '../connection.ts'
import { foldName } from '../fold-name.ts'
import type { Sqlite } from '../sqlite.ts'
import { AppFunctions } from './app-functions.ts'

/**
 * Defines the app's functions and collations on every connection that this instance opens from now on.
 * @throws FunctionsFailedError where SQLite has one of that name: files that use it would mean something else
 *   everywhere but here
 */
export function installFunctions(sqlite: Sqlite, definitions: SqlFunctions): void {
  const connection = new Connection(sqlite, { file: ':memory:', vfs: 'unix' })
  const namesOf = (sql: string) => new Set(connection.rows(sql).map(([name]) => foldName(String(name))))
  const functions = namesOf('select name from pragma_function_list')
  const collations = namesOf('select name from pragma_collation_list')
  connection.close()
  const taken =
    Object.keys(definitions.functions ?? {}).find((name) => functions.has(foldName(name))) ??
    Object.keys(definitions.collations ?? {}).find((name) => collations.has(foldName(name)))
  if (taken !== undefined) {
    throw new FunctionsFailedError(
      `The module of 'functions' defines '${taken}', which SQLite has already: choose another name.`,
      { outcome: 'not-applied' },
    )
  }
  sqlite.functions = new AppFunctions(sqlite, definitions)
}
