import type { Param, Params } from '../protocol/values.ts'
import { ACTION } from './authorizer-actions.ts'
import type { Connection } from './connection.ts'
import { foldName } from './fold-name.ts'
import { isVolatile, tellsTimes } from './is-volatile.ts'
import { findPoints, keyValueOf, toRowid } from './point-read.ts'
import { readProgram } from './program.ts'
import { quoteName } from './quote-name.ts'
import type { ReadSet, TableReads } from './read-set.ts'
import { SchemaCatalog } from './schema-catalog.ts'
import { SCOPES } from './scope.ts'
import type { StatementRunner } from './statement-runner.ts'

/** Table-valued functions that make their rows of their arguments alone. */
const OF_ARGUMENTS: ReadonlySet<string> = new Set(['json_each', 'json_tree', 'jsonb_each', 'jsonb_tree'])
/** A pattern that is bound may choose another index each time, and so another order of equal rows. */
const PATTERNS: ReadonlySet<string> = new Set(['like', 'glob'])
const MOST_KEPT = 500

/**
 * Finds out what statements read. SQLite's authorizer tells the tables and columns that a statement names,
 * also through views, and table-valued functions; its program (EXPLAIN) tells what it does not name: the
 * columns of USING and NATURAL JOIN, those that a generated column is made of, and the indexes whose order
 * it may show where it asks for none. A statement that calls `random()` and its like may have another result
 * after any commit: it counts as one that reads everything.
 */
export class ReadSets {
  readonly #connection: Connection
  readonly #runner: StatementRunner
  readonly #known = new Map<string, ReadSet>()
  #catalog: SchemaCatalog | undefined

  constructor(connection: Connection, runner: StatementRunner) {
    this.#connection = connection
    this.#runner = runner
  }

  /** @throws as the statement itself when it is prepared. */
  of(sql: string): ReadSet {
    let reads = this.#known.get(sql)
    if (reads === undefined) {
      reads = this.#find(sql)
      if (this.#known.size >= MOST_KEPT) this.#known.clear()
      this.#known.set(sql, reads)
    }
    return reads
  }

  /**
   * The rowid of the one row that a point of {@link of} reads, `null` where there is no such row now, and
   * `undefined` where it cannot be told.
   */
  locate(sql: string, table: string, params: Params): bigint | null | undefined {
    const point = this.of(sql).tables.get(table)?.point
    if (point === undefined) return undefined
    const values = point.values.map((value) => keyValueOf(value, params))
    if (point.columns === null) return toRowid(values[0])
    const rowid = this.#catalog?.rowidOf(table)
    // NULL is no value that only one row can have.
    if (rowid === undefined || values.some((value) => value === undefined || value === null)) return undefined
    const where = point.columns
      .map(({ name, collation }) => `${quoteName(name)} collate ${quoteName(collation)} = ?`)
      .join(' and ')
    const lookup = `select ${rowid} from ${quoteName(table)} where ${where}`
    const [row] = this.#connection.unguarded(() => this.#connection.rows(lookup, values as readonly Param[]))
    return row === undefined ? null : toRowid(row[0])
  }

  /** Call after a schema change. */
  forget(): void {
    this.#known.clear()
    this.#catalog = undefined
  }

  #find(sql: string): ReadSet {
    const named = new NamedReads()
    this.#runner.observe(sql, SCOPES.single, named.hear)
    this.#catalog ??= this.#connection.unguarded(() => new SchemaCatalog(this.#connection))
    const catalog = this.#catalog
    const program = this.#connection.unguarded(() => readProgram(this.#connection, sql))
    if (program === undefined) return { everything: true, tellsTimes: false, tables: new Map() }
    const own = (name: string) => this.#connection.sqlite.functions?.isDeterministic(name)
    let everything = named.everything || isVolatile(program, named.functions, own)
    const columns = new Map<string, Set<string> | null>()
    for (const [table, read] of named.columns) {
      const kind = catalog.kinds.get(table)
      if (kind === undefined) everything ||= isForeign(table)
      else if (kind === 'virtual elsewhere' || table.startsWith('sqlite_stat')) everything = true
      else columns.set(table, kind === 'ordinary' ? read : null)
    }
    const add = (table: string, more: readonly string[] | null) => {
      const known = columns.get(table) ?? new Set()
      if (more === null || columns.get(table) === null) columns.set(table, null)
      else columns.set(table, new Set([...known, ...more]))
    }
    for (const { tree, stored } of program.reads(catalog.trees)) {
      if (tree === undefined) everything = true
      else if (tree.index !== undefined) add(tree.table, tree.index.columns)
      else if (stored === null || catalog.kinds.get(tree.table) !== 'ordinary') add(tree.table, null)
      else
        add(
          tree.table,
          stored.map((i) => catalog.storedColumns(tree.table)[i] ?? ''),
        )
    }
    if ([...PATTERNS].some((name) => named.functions.has(name)) && program.parameters.length > 0) {
      for (const table of columns.keys()) {
        for (const { index } of catalog.treesOf(table)) if (index !== undefined) add(table, index.columns)
      }
    }
    const points = findPoints(program, catalog)
    const tables = new Map<string, TableReads>()
    for (const [table, read] of columns) {
      const point = points.get(table)
      tables.set(table, point === undefined ? { columns: read } : { columns: read, point })
    }
    return { everything, tellsTimes: tellsTimes(named.functions), tables }
  }
}

/** What the authorizer is asked while one statement is prepared. */
class NamedReads {
  readonly columns = new Map<string, Set<string>>()
  readonly functions = new Set<string>()
  everything = false

  readonly hear = (action: number, arg1: string | null, arg2: string | null): void => {
    if (action === ACTION.pragma) this.everything = true
    if (action === ACTION.function) this.functions.add(foldName(arg2 ?? ''))
    if (action !== ACTION.read || arg1 === null) return
    // The schema has no change set of its own: a change of it is a change of everything.
    const table = foldName(arg1)
    const read = this.columns.get(table) ?? new Set()
    this.columns.set(table, read)
    // Without a column only the rows count.
    if (arg2 !== null && arg2 !== '') read.add(foldName(arg2))
  }
}

/**
 * Whether a name that is no table's is that of a table-valued function which shows more than its arguments;
 * it may also be that of a WITH clause, or the schema's.
 */
function isForeign(name: string): boolean {
  return !OF_ARGUMENTS.has(name) && (name.startsWith('pragma_') || FOREIGN.has(name))
}

/** Those of the official build. */
const FOREIGN: ReadonlySet<string> = new Set([
  'bytecode',
  'dbstat',
  'tables_used',
  'sqlite_stmt',
  'sqlite_dbpage',
])
