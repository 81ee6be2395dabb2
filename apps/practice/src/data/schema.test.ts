import { getTableColumns, getTableName, getViewName, getViewSelectedFields, is, View } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { createTestDb } from '../../test/sqlite-db.ts'
import * as schema from './schema.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly required: number
}

const described = new Map<string, Record<string, SQLiteColumn>>(
  Object.values(schema).map((each) =>
    is(each, View)
      ? [getViewName(each), getViewSelectedFields(each)]
      : [getTableName(each), getTableColumns(each)],
  ),
)

it('has the tables and views of the migrations', async () => {
  const made = await createTestDb().all<{ name: string }>(
    "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%'",
  )
  expect([...described.keys()].toSorted()).toEqual(made.map(({ name }) => name).toSorted())
})

it.each([...described])('has the columns of %s', async (table, fields) => {
  const made = await createTestDb().all<Column>(
    `select name, lower(type) as type, "notnull" or pk as required from pragma_table_info('${table}')`,
  )
  const isView = made.every(({ required }) => required === 0)
  const columns = Object.entries(fields).map(([key, column]) => ({
    name: toSnakeCase(key),
    // SQLite knows nothing of an expression's type, nor whether a view's column may be null.
    type: made.find(({ name }) => name === toSnakeCase(key))?.type === '' ? '' : column.getSQLType(),
    required: isView ? 0 : Number(column.notNull),
  }))
  const byName = (a: Column, b: Column): number => (a.name < b.name ? -1 : 1)
  expect(columns.toSorted(byName)).toEqual(made.toSorted(byName))
})
