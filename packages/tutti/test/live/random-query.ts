import type { Prng } from '../../src/platform/simulated.ts'
import type { Param } from '../../src/protocol/values.ts'
import type { RandomSchema, RandomTable } from './random-schema.ts'

export interface RandomQuery {
  readonly sql: string
  readonly params: readonly Param[]
}

/** Draws queries of one schema: deterministic ones, of every kind that decides what a query reads. */
export class QueryGrammar {
  readonly #prng: Prng
  readonly #schema: RandomSchema
  /** Values that were drawn; in the text each stands as `{i}` until it is known which are used. */
  #drawn: Param[] = []

  constructor(prng: Prng, schema: RandomSchema) {
    this.#prng = prng
    this.#schema = schema
  }

  query(): RandomQuery {
    this.#drawn = []
    const kinds = [
      () => this.#simple(),
      () => this.#simple(),
      () => this.#point(),
      () => this.#point(),
      () => this.#join(),
      () => this.#aggregate(),
      () => this.#compound(),
      () => this.#nested(),
      () => this.#window(),
      () => this.#text(),
      () => this.#counted(),
      () => this.#functions(),
    ]
    const params: Param[] = []
    const sql = this.#prng
      .pick(kinds)()
      .replace(/\{(\d+)\}/g, (_, i) => {
        params.push(this.#drawn[Number(i)] ?? null)
        return '?'
      })
    return { sql, params }
  }

  #simple(): string {
    const table = this.#source()
    const distinct = this.#chance(0.2) ? 'distinct ' : ''
    return `select ${distinct}${this.#outputs(table)} from ${table.name}${this.#where(table)}${this.#order(table)}`
  }

  /** Of one row, by each key that there is. */
  #point(): string {
    // More often of the table with the most kinds of keys.
    const { tables } = this.#schema
    const table = this.#prng.pick([...tables, ...tables.filter(({ keys }) => keys.length > 2)])
    const key = this.#prng.pick(table.keys)
    const where = key.map((column) => `${column} = ${this.#bound(column)}`).join(' and ')
    const more = this.#chance(0.3) ? ` and ${this.#condition(table)}` : ''
    const other = this.#prng.pick(this.#schema.tables)
    switch (this.#prng.below(5)) {
      case 0:
        return `select o.a, (select ${this.#prng.pick(table.columns)} from ${table.name} where ${where}) from ${other.name} o order by 1, 2`
      case 1:
        return `select count(*), max(${this.#prng.pick(table.columns)}) from ${table.name} where ${where}${more}`
      default:
        return `select ${this.#outputs(table)} from ${table.name} where ${where}${more}`
    }
  }

  #join(): string {
    const [one, other] = [this.#source(), this.#source()]
    const kind = this.#prng.pick(['join', 'left join', 'cross join'])
    const left = this.#prng.pick(one.columns)
    const right = this.#prng.pick(other.columns)
    if (this.#chance(0.4)) {
      const common = one.columns.filter((column) => other.columns.includes(column))
      const using = common[0] === undefined ? '' : ` using (${this.#prng.pick(common)})`
      return `select count(*), min(o1.${left}) from ${one.name} o1 ${kind} ${other.name} o2${using}`
    }
    return `select o1.${left}, o2.${right} from ${one.name} o1 ${kind} ${other.name} o2 on o1.${left} = o2.${right}
      order by 1, 2 limit ${1 + this.#prng.below(20)}`
  }

  #aggregate(): string {
    const table = this.#source()
    const by = this.#prng.pick(table.columns)
    const of = this.#prng.pick(table.columns)
    const having = this.#chance(0.3) ? ' having count(*) > 1' : ''
    return `select ${by}, count(${of}), total(${of}), group_concat(${of}) from ${table.name}${this.#where(table)} group by ${by}${having}`
  }

  #compound(): string {
    const word = this.#prng.pick(['union', 'union all', 'except', 'intersect'])
    const [one, other] = [this.#source(), this.#source()]
    return `select ${this.#prng.pick(one.columns)} from ${one.name}${this.#where(one)} ${word}
      select ${this.#prng.pick(other.columns)} from ${other.name}${this.#where(other)}`
  }

  #nested(): string {
    const [one, other] = [this.#source(), this.#source()]
    const [inner, outer] = [this.#prng.pick(other.columns), this.#prng.pick(one.columns)]
    return this.#prng.pick([
      `select ${outer} from ${one.name} where ${outer} in (select ${inner} from ${other.name})`,
      `select ${outer} from ${one.name} o where exists (select 1 from ${other.name} i where i.${inner} = o.${outer})`,
      `with c as (select ${inner} as x from ${other.name}${this.#where(other)}) select max(x), count(*) from c`,
      `select (select count(*) from ${other.name}), ${outer} from ${one.name} limit 3`,
      `select x from (select ${inner} as x, ${this.#prng.pick(other.columns)} as y from ${other.name}) where x is not null`,
    ])
  }

  #window(): string {
    const table = this.#source()
    const [a, b] = [this.#prng.pick(table.columns), this.#prng.pick(table.columns)]
    return `select ${a}, row_number() over (partition by ${b} order by ${a}, ${b}) from ${table.name} order by 1, 2`
  }

  #text(): string {
    const word = `'${this.#prng.pick(['a', 'b', 'x'])}*'`
    return this.#prng.pick([
      `select body from own where own match ${word} order by rowid`,
      `select rowid, c from outer_text where outer_text match ${word} order by rowid`,
      `select count(*) from own`,
      `select p.a from p join outer_text f on f.rowid = p.id where outer_text match ${word} order by 1`,
    ])
  }

  #counted(): string {
    const table = this.#source()
    return `select count(*) from ${table.name}${this.#chance(0.3) ? this.#where(table) : ''}`
  }

  #functions(): string {
    const table = this.#source()
    const column = this.#prng.pick(table.columns)
    return this.#prng.pick([
      `select value from json_each('[1,2,3]') where value in (select ${column} from ${table.name})`,
      `select name from pragma_table_info('${table.name}')`,
      `select name from sqlite_schema order by name`,
      `select t.${column} from ${table.name} t, json_each('[1,"x2"]') j where j.value = t.${column} order by 1`,
    ])
  }

  #source(): RandomTable {
    return this.#prng.pick([...this.#schema.tables, ...this.#schema.tables, ...this.#schema.views])
  }

  #outputs({ columns }: RandomTable): string {
    if (this.#chance(0.15)) return '*'
    const chosen = columns.filter(() => this.#chance(0.4))
    const column = this.#prng.pick(columns)
    return [...chosen, this.#prng.pick([column, `upper(${column})`, `coalesce(${column}, 0)`])].join(', ')
  }

  #where(table: RandomTable): string {
    if (this.#chance(0.4)) return ''
    return ` where ${this.#condition(table)}${this.#chance(0.3) ? ` and ${this.#condition(table)}` : ''}`
  }

  #condition({ columns }: RandomTable): string {
    const column = this.#prng.pick(columns)
    return this.#prng.pick([
      () => `${column} = ${this.#bound(column)}`,
      () => `${column} > ${this.#prng.below(6)}`,
      () => `${column} is null`,
      () => `${column} like ${this.#chance(0.5) ? "'x%'" : this.#push('x%')}`,
      () => `${column} in (1, 'x2', ${this.#bound(column)})`,
      () => `${column} between 1 and 4`,
    ])()
  }

  #order({ columns }: RandomTable): string {
    const by = this.#chance(0.5)
      ? ` order by ${this.#prng.pick(columns)}${this.#chance(0.3) ? ' desc' : ''}`
      : ''
    return by + (this.#chance(0.3) ? ` limit ${1 + this.#prng.below(5)}` : '')
  }

  /** A value that there may be, as a parameter or as text. */
  #bound(column: string): string {
    const value = randomValue(this.#prng, column)
    if (this.#chance(0.7)) return this.#push(value)
    return typeof value === 'string' ? `'${value}'` : String(value)
  }

  #push(value: Param): string {
    this.#drawn.push(value)
    return `{${this.#drawn.length - 1}}`
  }

  #chance(probability: number): boolean {
    return this.#prng.number() < probability
  }
}

/** Few different values, so that queries find something. */
export function randomValue(prng: Prng, column: string): string | number | null {
  if (column === 'id' || column === 'rowid' || column === 'n') return prng.below(8)
  if (column === 'p') return prng.pick([null, null, prng.below(8)])
  if (column === 'k' || column === 'd') return prng.pick(['x1', 'x2', 'X2', 'y1', 'y2'])
  return prng.pick([null, prng.below(6), `x${prng.below(4)}`, 'a b', 'b'])
}
