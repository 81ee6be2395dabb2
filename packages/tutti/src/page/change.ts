import { ParameterError } from '../errors/errors.ts'
import type { Change } from '../protocol/change.ts'

export interface ChangeOptions {
  /** Only commits that touch one of these tables, or everything. Names as in SQL, whatever their case. */
  readonly tables?: readonly string[]
}

/** @throws {ParameterError} where the option cannot be used */
export function createChangeFilter(options: ChangeOptions = {}): (change: Change) => boolean {
  const { tables } = options
  if (tables === undefined) return () => true
  if (!Array.isArray(tables) || !tables.every((name) => typeof name === 'string')) {
    throw new ParameterError("Option 'tables' must be an array of table names.")
  }
  const wanted = new Set(tables.map((name: string) => name.toLowerCase()))
  return (change) => change.all || change.tables.some((name) => wanted.has(name.toLowerCase()))
}
