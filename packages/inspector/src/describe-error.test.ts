import { expect, it } from 'vitest'
import { describeError } from './describe-error.ts'

it('shows code, outcome, result code, and the place in lines and characters', () => {
  const sql = "select 'é🎻',\n  nope from t"
  const offset = new TextEncoder().encode("select 'é🎻',\n  ").length
  const error = Object.assign(new Error('no such column: nope'), {
    code: 'SQL',
    outcome: 'not-applied',
    resultCode: 1,
    offset,
  })
  expect(describeError(error, sql)).toEqual({
    code: 'SQL',
    message: 'no such column: nope',
    details: ['outcome: not-applied', 'SQLite result code 1', 'line 2, column 3'],
  })
})

it('names an untyped error by its class, and takes what is no error at all', () => {
  expect(describeError(new RangeError('too far'), '').code).toBe('RangeError')
  expect(describeError('gone', '')).toEqual({ code: 'UNKNOWN', message: 'gone', details: [] })
})
