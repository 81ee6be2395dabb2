import { ParameterError } from '../../errors/errors.ts'
import type { Migration } from '../../index.ts'

/**
 * The files of drizzle-kit's folder by their paths: the texts of `meta/_journal.json` (or what it parses
 * to) and of the SQL files. Paths may begin anywhere; files of other names are not looked at.
 */
export type MigrationFiles = Readonly<Record<string, unknown>>

/** What is used of `meta/_journal.json`. */
interface Journal {
  readonly entries: readonly { readonly tag: string }[]
}

const BREAKPOINT = '--> statement-breakpoint'
/** Refused by Tutti, and not needed: a migration runs without foreign keys, and they are checked after it. */
const FOREIGN_KEYS = /^[ \t]*pragma\s+foreign_keys\s*=\s*\w+[ \t]*;?[ \t]*$/gim

/**
 * drizzle-kit's migrations, for `open({ migrations })`, which runs each once: drizzle's own migrator is not
 * needed. The journal says which there are, in which order; in a folder without one (drizzle-kit 1.0), each
 * `<name>/migration.sql` is one, in the order of their names.
 *
 * @throws {ParameterError} where the journal or one of its files is not there
 *
 * @example
 * const files = import.meta.glob('./drizzle/**\/*.{json,sql}', {
 *   query: '?raw', import: 'default', eager: true,
 * })
 * const db = await open({ user: 'u-9002', migrations: migrationsFrom(files) })
 */
export function migrationsFrom(files: MigrationFiles): Migration[] {
  const journal = Object.entries(files).find(([path]) => lastOf(path) === '_journal.json')
  if (journal !== undefined) return fromJournal(tagsOf(journal[1]), files)
  const migrations = fromFolders(files)
  if (migrations.length > 0) return migrations
  throw new ParameterError(
    'migrationsFrom() found neither meta/_journal.json nor a migration.sql: look at the paths given to it.',
  )
}

function fromJournal(tags: readonly string[], files: MigrationFiles): Migration[] {
  const byName = new Map(Object.entries(files).map(([path, text]) => [lastOf(path), text]))
  return tags.map((name) => {
    const text = byName.get(`${name}.sql`)
    if (typeof text === 'string') return { name, sql: toScript(text) }
    throw new ParameterError(`The journal names ${name}, and migrationsFrom() was not given ${name}.sql.`)
  })
}

function fromFolders(files: MigrationFiles): Migration[] {
  return Object.entries(files)
    .flatMap(([path, text]) => {
      const name = /([^/]+)\/migration\.sql$/.exec(path)?.[1]
      return name === undefined || typeof text !== 'string' ? [] : [{ name, sql: toScript(text) }]
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function tagsOf(journal: unknown): string[] {
  const { entries } = (typeof journal === 'string' ? JSON.parse(journal) : journal) as Partial<Journal>
  if (Array.isArray(entries)) return entries.map(({ tag }: Journal['entries'][number]) => tag)
  throw new ParameterError('meta/_journal.json has no entries: give migrationsFrom() the one of drizzle-kit.')
}

/**
 * One script of what drizzle-kit separates by its own marks. `open()` keeps a hash of it: what is made of a
 * file here must never change. Line ends are evened out, because a checkout may have changed them.
 */
function toScript(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(BREAKPOINT)
    .map((statement) => statement.replace(FOREIGN_KEYS, '').trim())
    .filter((statement) => statement !== '')
    .map((statement) => (statement.endsWith(';') ? statement : `${statement}\n;`))
    .join('\n')
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
