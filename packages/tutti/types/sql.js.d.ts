/** What tests use of sql.js, which has no types of its own. */
declare module 'sql.js' {
  type Value = number | bigint | string | Uint8Array | null
  type Parameters = readonly Value[] | Readonly<Record<string, Value>> | null

  interface Statement {
    bind(params?: Parameters): boolean
    step(): boolean
    get(params?: Parameters): Value[]
    getAsObject(params?: Parameters): Record<string, Value>
    getColumnNames(): string[]
    getSQL(): string
    reset(): void
    free(): boolean
  }

  interface Database {
    exec(sql: string, params?: Parameters): { columns: string[]; values: Value[][] }[]
    each(
      sql: string,
      params: Parameters,
      callback: (row: Record<string, Value>) => void,
      done: () => void,
    ): this
    run(sql: string, params?: Parameters): this
    prepare(sql: string, params?: Parameters): Statement
    export(): Uint8Array
    close(): void
  }

  export default function initSqlJs(): Promise<{ readonly Database: new (bytes?: Uint8Array) => Database }>
}
