import type { StatementCall } from '../protocol/call.ts'
import type { Param, Params, SqlValue, Statement } from '../protocol/values.ts'
import type { Answer } from './ask.ts'
import { type CallOptions, checkOptions, type StatementOptions } from './call-options.ts'
import type { BatchResult, QueryResult, RunResult } from './results.ts'
import { type SqlRow, single, toObjects } from './rows.ts'
import { batchCall, scriptCall, statementCall } from './statement-call.ts'

type OptionName = keyof CallOptions

/**
 * The calls that a database and an interactive transaction have in common. Each is sent before the
 * method returns, so that calls take effect in the order in which they were made, awaited or not.
 *
 * Every promise may reject with a `ParameterError` before anything is sent, and with any `TuttiError`.
 */
export abstract class Queries {
  readonly #known: readonly OptionName[]
  readonly #knownOfStatement: readonly (keyof StatementOptions)[]

  /** @param known the options that calls have here; those of one statement have `readonly`, too */
  constructor(known: readonly OptionName[]) {
    this.#known = known
    this.#knownOfStatement = [...known, 'readonly']
  }

  /** Sends a checked call. Must not wait before it does. */
  protected abstract send(call: StatementCall, options: CallOptions): Promise<Answer>

  /**
   * All rows as objects; of columns with the same name the last one counts.
   *
   * @example
   * const tunes = await db.all<Tune>('select * from tune where mode = ?', ['Dorian'])
   */
  async all<Row = SqlRow>(sql: string, params?: Params, options?: StatementOptions): Promise<Row[]> {
    return toObjects(single(await this.#ask('all', sql, params, options))) as Row[]
  }

  /**
   * The first row, or `undefined` where there is none.
   *
   * @example
   * const tune = await db.get<Tune>('select * from tune where id = $id', { id })
   */
  async get<Row = SqlRow>(
    sql: string,
    params?: Params,
    options?: StatementOptions,
  ): Promise<Row | undefined> {
    return toObjects(single(await this.#ask('first', sql, params, options)))[0] as Row | undefined
  }

  /**
   * All rows as arrays of all columns, also those with the same name.
   *
   * @example
   * for (const [id, title] of await db.values('select id, title from tune')) …
   */
  async values<Row = SqlValue[]>(sql: string, params?: Params, options?: StatementOptions): Promise<Row[]> {
    return single(await this.#ask('all', sql, params, options)).rows as Row[]
  }

  /**
   * Columns, rows and counters of any statement: for tools, which do not know what they run.
   *
   * @example
   * const { columns, rows } = await db.query(sql, [], { readonly: true })
   */
  async query(sql: string, params?: Params, options?: StatementOptions): Promise<QueryResult> {
    const answer = await this.#ask('all', sql, params, options)
    const { columns, rows, changes, lastInsertRowid } = single(answer)
    return {
      columns: columns as string[],
      rows: rows as SqlValue[][],
      changes,
      lastInsertRowid,
      version: answer.version,
    }
  }

  /**
   * Runs one statement for what it does; its rows are dropped.
   *
   * @example
   * const { changes } = await db.run('update tune set title = ? where id = ?', [title, id])
   */
  async run(sql: string, params?: Params, options?: StatementOptions): Promise<RunResult> {
    const answer = await this.#ask('none', sql, params, options)
    const { changes, lastInsertRowid } = single(answer)
    return { changes, lastInsertRowid, version: answer.version }
  }

  /**
   * Runs a script of any number of statements: all of them or none.
   *
   * @example
   * await db.exec('create table tune (id text primary key, title text); create index …')
   */
  async exec(sql: string, options?: CallOptions): Promise<void> {
    const checked = checkOptions(options, this.#known)
    await this.send(scriptCall(sql), checked)
  }

  /**
   * Runs statements with their parameters in one message: all of them or none.
   *
   * @example
   * await db.batch([
   *   { sql: 'insert into playlist values (?, ?)', params: [id, name] },
   *   { sql: 'delete from draft where id = ?', params: [id] },
   * ])
   */
  async batch<Row = SqlRow>(
    statements: readonly Statement[],
    options?: CallOptions,
  ): Promise<BatchResult<Row>[]> {
    const checked = checkOptions(options, this.#known)
    const { results } = await this.send(batchCall(statements), checked)
    return results.map((result) => ({
      rows: toObjects(result) as Row[],
      changes: result.changes,
      lastInsertRowid: result.lastInsertRowid,
    }))
  }

  /**
   * {@link all} as a tagged template: what is interpolated is a parameter, never SQL.
   *
   * @example
   * const tunes = await db.sql<Tune>`select * from tune where id = ${id}`
   */
  async sql<Row = SqlRow>(strings: TemplateStringsArray, ...params: readonly Param[]): Promise<Row[]> {
    // The space: a digit that follows would make it another parameter, ?1.
    return this.all<Row>(strings.join('? '), params)
  }

  #ask(
    rows: 'all' | 'first' | 'none',
    sql: string,
    params: Params | undefined,
    options: StatementOptions | undefined,
  ): Promise<Answer> {
    const { readonly, ...rest } = checkOptions(options, this.#knownOfStatement)
    return this.send(statementCall(sql, params, rows, readonly), rest)
  }
}
