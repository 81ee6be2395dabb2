import { expect, test } from 'vitest'
import type { ChangeSet } from '../protocol/values.ts'
import { toChange } from './to-change.ts'

test('P1.4 a commit is told with its tables, rows, columns, version, origin and cause', () => {
  const changes: ChangeSet = {
    all: false,
    tables: { tune: { rowids: [1, 2n ** 60n], columns: ['title'] }, tag: { rowids: null, columns: null } },
  }
  expect(toChange({ version: 8, changes, origin: 'self', cause: 'sync' })).toEqual({
    version: 8,
    tables: ['tune', 'tag'],
    all: false,
    rowids: { tune: [1, 2n ** 60n], tag: null },
    columns: { tune: ['title'], tag: null },
    origin: 'self',
    cause: 'sync',
  })
})

test('P1.4 a table named __proto__ is a table like any other', () => {
  const tables = JSON.parse('{"__proto__":{"rowids":[1]}}') as ChangeSet['tables']
  const change = toChange({ version: 8, changes: { all: false, tables }, origin: 'tab' })
  expect(change).not.toHaveProperty('cause')
  expect(change.tables).toEqual(['__proto__'])
  expect([Object.entries(change.rowids), Object.entries(change.columns)]).toEqual([
    [['__proto__', [1]]],
    [['__proto__', null]],
  ])
})
