import { ParameterError } from '../errors/errors.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { Params, Statement } from '../protocol/values.ts'
import { copyParams } from './params.ts'

type Single = Extract<StatementCall, { readonly op: 'statement' }>

/** @throws {ParameterError} before anything is sent */
export function statementCall(
  sql: string,
  params: Params | undefined,
  rows: Single['rows'],
  readonly: boolean | undefined,
): Single {
  return {
    op: 'statement',
    ...copyStatement(sql, params),
    rows,
    ...(readonly === true ? { readonly } : {}),
  }
}

/** @throws {ParameterError} */
export function copyStatement(sql: unknown, params: Params | undefined): Statement {
  const text = checkSql(sql)
  return params === undefined ? { sql: text } : { sql: text, params: copyParams(params, text) }
}

/** @throws {ParameterError} before anything is sent */
export function batchCall(statements: readonly Statement[]): StatementCall {
  if (!Array.isArray(statements)) throw new ParameterError('batch() needs an array of { sql, params }.')
  return {
    op: 'batch',
    statements: statements.map((statement: Partial<Statement> | null | undefined, index) => {
      if (typeof statement !== 'object' || statement === null) {
        throw new ParameterError(`Statement number ${index + 1} of the batch is not { sql, params }.`)
      }
      return copyStatement(statement.sql, statement.params)
    }),
  }
}

/** @throws {ParameterError} before anything is sent */
export function scriptCall(sql: string): StatementCall {
  return { op: 'script', sql: checkSql(sql) }
}

function checkSql(sql: unknown): string {
  if (typeof sql === 'string') return sql
  throw new ParameterError(`The SQL must be a string, not a value of type ${typeof sql}.`)
}
