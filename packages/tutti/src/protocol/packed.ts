import type { Call, StatementCall } from './call.ts'
import { callSchema } from './call.ts'
import { bigint, count, either, type Infer, list, number, object, oneOf, text, where } from './schema.ts'
import {
  type Param,
  paramSchema,
  type Statement,
  type StatementResult,
  statementResultSchema,
} from './values.ts'

/** Fewer than so many are sent as they are. */
const MANY = 16
/** One for all: what an object has twice is copied once when it is sent on. */
const NONE: readonly never[] = []

/**
 * A batch whose statements mostly repeat their SQL, as an import of rows does: two lists instead of two objects and
 * a string for each row. What a message costs is what the browser has to copy, object by object.
 */
export type PackedBatch = Infer<typeof packedBatchSchema>

const packedBatchSchema = where(
  object({
    op: oneOf('packed'),
    /** Statements that follow each other with the same SQL, each with `width` positional values, one at least. */
    runs: list(object({ sql: text, count, width: count })),
    /** Of all of them, in their order. */
    values: list(paramSchema),
  }),
  'whole',
  ({ runs, values }) =>
    runs.every(({ width }) => width > 0) &&
    runs.reduce((sum, run) => sum + run.count * run.width, 0) === values.length,
)

/** What crosses the wire for a {@link Call}. */
export type WireCall = Infer<typeof wireCallSchema>

export const wireCallSchema = either(
  callSchema,
  packedBatchSchema,
  object({ op: oneOf('in-transaction'), tx: text, call: packedBatchSchema }),
)

/** What crosses the wire for results: of statements that gave no rows, two lists. */
export type WireResults = Infer<typeof wireResultsSchema>

export const wireResultsSchema = either(
  list(statementResultSchema),
  where(
    object({ changes: list(count), lastInsertRowids: list(either(number, bigint)) }),
    'parallel',
    ({ changes, lastInsertRowids }) => changes.length === lastInsertRowids.length,
  ),
)

export function packCall(call: Call): WireCall {
  if (call.op === 'batch') return packBatch(call.statements) ?? call
  if (call.op !== 'in-transaction' || call.call.op !== 'batch') return call
  const packed = packBatch(call.call.statements)
  return packed === undefined ? call : { op: call.op, tx: call.tx, call: packed }
}

export function unpackCall(call: WireCall): Call {
  if (call.op === 'packed') return unpackBatch(call)
  if (call.op !== 'in-transaction' || call.call.op !== 'packed') return call as Call
  return { op: call.op, tx: call.tx, call: unpackBatch(call.call) }
}

export function packResults(results: readonly StatementResult[]): WireResults {
  if (results.length < MANY || results.some(({ columns, rows }) => columns.length + rows.length > 0)) {
    return results
  }
  return {
    changes: results.map(({ changes }) => changes),
    lastInsertRowids: results.map(({ lastInsertRowid }) => lastInsertRowid),
  }
}

export function unpackResults(results: WireResults): readonly StatementResult[] {
  if (!('changes' in results)) return results
  const { changes, lastInsertRowids } = results
  return changes.map((each, i) => ({
    columns: NONE,
    rows: NONE,
    changes: each,
    lastInsertRowid: lastInsertRowids[i] ?? 0,
  }))
}

function packBatch(statements: readonly Statement[]): PackedBatch | undefined {
  if (statements.length < MANY) return undefined
  const runs: { sql: string; count: number; width: number }[] = []
  const values: Param[] = []
  for (const { sql, params = [] } of statements) {
    if (!isPositional(params) || params.length === 0) return undefined
    const last = runs.at(-1)
    if (last?.sql === sql && last.width === params.length) last.count++
    else runs.push({ sql, count: 1, width: params.length })
    // One by one: as arguments they may be more than an engine takes.
    for (const value of params) values.push(value)
  }
  return runs.length > statements.length / 4 ? undefined : { op: 'packed', runs, values }
}

function unpackBatch({ runs, values }: PackedBatch): Extract<StatementCall, { op: 'batch' }> {
  const statements: Statement[] = []
  let at = 0
  for (const { sql, count: repeated, width } of runs) {
    for (let i = 0; i < repeated; i++) statements.push({ sql, params: values.slice(at, (at += width)) })
  }
  return { op: 'batch', statements }
}

function isPositional(params: NonNullable<Statement['params']>): params is readonly Param[] {
  return Array.isArray(params)
}
