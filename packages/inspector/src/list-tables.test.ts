import { expect, it } from 'vitest'
import type { InspectedCallOptions, InspectedResult, InspectedValue } from './inspected-database.ts'
import { listTables } from './list-tables.ts'

it('counts what can be counted, read-only and bounded, and lists the rest without a count', async () => {
  const asked: { sql: string; options: InspectedCallOptions }[] = []
  const answers: Record<string, readonly (readonly InspectedValue[])[]> = {
    'select count(*) from "tune"': [[3]],
    'select count(*) from "odd ""name"""': [[0]],
  }
  const tables = await listTables({
    async query(sql, _params = [], options = {}): Promise<InspectedResult> {
      asked.push({ sql, options })
      const rows = sql.includes('sqlite_schema')
        ? [
            ['odd "name"', 'table', 'create table …'],
            ['tune', 'table', 'create table …'],
            ['broken', 'view', 'create view …'],
          ]
        : answers[sql]
      if (!rows) throw new Error('no such table: main.gone')
      return { columns: [], rows, changes: 0, lastInsertRowid: 0, version: 1 }
    },
  })
  expect(tables.map(({ name, type, rows }) => [name, type, rows])).toEqual([
    ['odd "name"', 'table', 0],
    ['tune', 'table', 3],
    ['broken', 'view', null],
  ])
  expect(asked.every(({ options }) => options.readonly === true)).toBe(true)
  expect(asked.slice(1).every(({ options }) => (options.timeout ?? Infinity) <= 2000)).toBe(true)
})
