import { expect, it } from 'vitest'
import { firstKeyword, skipBlanks } from './sql-lexer.ts'

it.each([
  ['select 1', 'SELECT'],
  ['  \n\t vacuum', 'VACUUM'],
  [';; -- begin\n commit;', 'COMMIT'],
  ['/* a ; -- b */ /**/Insert into t', 'INSERT'],
  ['\ufeffupdate t', 'UPDATE'],
  ['-- only a comment', ''],
  ['/* never closed', ''],
  ['(select 1)', ''],
])('%j begins with %j', (sql, keyword) => {
  expect(firstKeyword(sql)).toBe(keyword)
})

it('skips from anywhere to what comes next', () => {
  const sql = 'select 1; -- two\n select 2 ;\n'
  expect(sql.slice(skipBlanks(sql, 8))).toBe('select 2 ;\n')
  expect(skipBlanks(sql, sql.lastIndexOf(';'))).toBe(sql.length)
})
