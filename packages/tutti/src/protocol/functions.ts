import type { Param, SqlValue } from './values.ts'

interface AnyFunction {
  /** How many arguments it takes; absent, any number. */
  readonly args?: number
  /**
   * Equal arguments always give the equal result, in every tab, today and after an update of the browser.
   * Only such a function may stand in an index, a generated column or a CHECK; and a live query that calls
   * another one runs again after every commit. Default `false`.
   */
  readonly deterministic?: boolean
}

/** A function of the app's own for SQL, called for one row's arguments. What it throws fails the statement. */
export interface ScalarFunction extends AnyFunction {
  call(...args: SqlValue[]): Param
}

/** One that takes many rows. With `inverse`, which takes the oldest row back, it may also be used with OVER. */
export interface AggregateFunction extends AnyFunction {
  /** The state before the first row. */
  start(): unknown
  /** The state with one more row. */
  step(state: unknown, ...args: SqlValue[]): unknown
  inverse?(state: unknown, ...args: SqlValue[]): unknown
  result(state: unknown): Param
}

/** An order of texts: below 0 where `a` comes before `b`, 0 where both are equal. */
export type Collation = (a: string, b: string) => number

/** What the module of the option `functions` exports: as its default, or by these two names. */
export interface SqlFunctions {
  readonly functions?: Readonly<Record<string, ScalarFunction | AggregateFunction>>
  readonly collations?: Readonly<Record<string, Collation>>
}
