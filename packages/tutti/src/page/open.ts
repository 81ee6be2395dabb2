import { Database } from './database.ts'
import { createEnvironment } from './environment.ts'
import { checkOpenOptions, type OpenOptions } from './open-options.ts'
import type { PageEnvironment } from './page-environment.ts'
import { SharedMembers } from './shared-members.ts'

/** Makes an `open` for a page of one's own: tests give it a scripted one. */
export function createOpen(createPage: () => PageEnvironment): (options: OpenOptions) => Promise<Database> {
  let page: { readonly environment: PageEnvironment; readonly members: SharedMembers } | undefined
  return async (options) => {
    const checked = checkOpenOptions(options)
    if (page === undefined) {
      const environment = createPage()
      page = { environment, members: new SharedMembers(environment) }
    }
    const member = page.members.get(checked)
    const database = new Database(page.environment, member)
    if (checked.persist) void member.storage.requestPersistence()
    else void member.storage.refresh()
    await member.open()
    return database
  }
}

/**
 * Opens a user's database, in this tab's part of it; in the first tab of all it is created. Resolves when
 * it can be read and written, with all migrations done.
 *
 * @throws {ParameterError} naming an option that cannot be used
 * @throws {OptionsMismatchError} where this page has it open with other options
 * @throws {StorageUnavailableError} where no rung of `storage` is supported here
 * @throws {MigrationFailedError} or `MigrationMismatchError`; the database is as before
 * @throws {WorkerFailedError} where a worker or SQLite could not be started
 *
 * @example
 * import { open } from 'tutti'
 *
 * const db = await open({
 *   user: 'u-9002',
 *   migrations: [{ name: '1 tune', sql: 'create table tune (id text primary key, title text) strict' }],
 * })
 * await db.run('insert into tune values (?, ?)', [crypto.randomUUID(), 'The Kesh'])
 */
export const open: (options: OpenOptions) => Promise<Database> = /* @__PURE__ */ createOpen(createEnvironment)
