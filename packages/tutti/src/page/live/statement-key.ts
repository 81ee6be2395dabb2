import { contentOf } from '../../protocol/diff-rows.ts'
import type { Param, Params } from '../../protocol/values.ts'
import type { LiveStatement } from './live-observer.ts'

/** Equal for queries that are the same. */
export function statementKey({ sql, params = [], timeout, rowMode }: LiveStatement): string {
  return contentOf([sql, timeout ?? null, rowMode === 'array', ...listed(params)])
}

function listed(params: Params): Param[] {
  if (isPositional(params)) return [0, ...params]
  const names = Object.entries(params).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [1, ...names.flat()]
}

function isPositional(params: Params): params is readonly Param[] {
  return Array.isArray(params)
}
