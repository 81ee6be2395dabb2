import type { Prng } from '../../src/platform/simulated.ts'
import type { Param } from '../../src/protocol/values.ts'
import { randomValue } from './random-query.ts'
import { type RandomSchema, type RandomTable, randomDdl } from './random-schema.ts'

/** One write: its statements run in one transaction, and `undo` takes all of them back. */
export interface RandomWrite {
  readonly statements: readonly string[]
  readonly undo: boolean
}

/** Draws writes of one schema: of one row and of many, with REPLACE, upserts, moved rows, savepoints and DDL. */
export class WriteGrammar {
  readonly #prng: Prng
  readonly #schema: RandomSchema

  constructor(prng: Prng, schema: RandomSchema) {
    this.#prng = prng
    this.#schema = schema
  }

  write(): RandomWrite {
    const number = this.#prng.number()
    if (number < 0.04) return { statements: randomDdl(this.#prng).split('; '), undo: false }
    if (number < 0.75) return { statements: [this.#statement()], undo: false }
    const statements = Array.from({ length: 1 + this.#prng.below(3) }, () => this.#statement())
    if (this.#prng.number() < 0.5) return { statements, undo: this.#prng.number() < 0.3 }
    return {
      statements: [
        this.#statement(),
        'savepoint s',
        ...statements,
        'rollback to s',
        'release s',
        this.#statement(),
      ],
      undo: false,
    }
  }

  #statement(): string {
    const table = this.#prng.pick(this.#schema.tables)
    return this.#prng.pick([
      () => this.#insert(table, 'insert or ignore'),
      () => this.#insert(table, 'insert or replace'),
      () => this.#insert(table, 'insert or replace'),
      () => this.#upsert(table),
      () => this.#update(table),
      () => this.#update(table),
      () => this.#update(table),
      () => `update or ignore ${table.name} set ${table.writable[0]} = ${table.writable[0]}`,
      () => `update or replace ${table.name} set ${this.#set(table.columns[0])}${this.#where(table)}`,
      () => `delete from ${table.name}${this.#where(table)}`,
      () =>
        this.#prng.number() < 0.1 ? `delete from ${table.name}` : this.#insert(table, 'insert or ignore'),
      () => this.#text(),
    ])()
  }

  #insert({ name, columns, writable }: RandomTable, verb: string): string {
    const written = columns.filter((column) => writable.includes(column) || isKey(column))
    const values = written.map((column) => literal(randomValue(this.#prng, column)))
    return `${verb} into ${name} (${written.join(', ')}) values (${values.join(', ')})`
  }

  #upsert(table: RandomTable): string {
    return `${this.#insert(table, 'insert')} on conflict do update set ${this.#set(this.#prng.pick(table.writable))}`
  }

  #update(table: RandomTable): string {
    const sets = [this.#set(this.#prng.pick(table.writable))]
    return `update or ignore ${table.name} set ${sets.join(', ')}${this.#where(table)}`
  }

  #set(column: string | undefined): string {
    return `${column} = ${literal(randomValue(this.#prng, column ?? ''))}`
  }

  #where({ columns }: RandomTable): string {
    if (this.#prng.number() < 0.1) return ''
    const column = this.#prng.pick(columns)
    return ` where ${column} = ${literal(randomValue(this.#prng, column))}`
  }

  #text(): string {
    const body = literal(randomValue(this.#prng, 'body'))
    return this.#prng.pick([
      `insert into own values (${body})`,
      `update own set body = ${body} where rowid = ${this.#prng.below(4)}`,
      `delete from own where rowid = ${this.#prng.below(4)}`,
    ])
  }
}

function isKey(column: string): boolean {
  return column === 'id' || column === 'k' || column === 'n'
}

function literal(value: Param): string {
  if (value === null) return 'null'
  return typeof value === 'number' ? String(value) : `'${String(value)}'`
}
