import { expect, it } from 'vitest'
import { createSqlHistory } from './sql-history.ts'

it('walks from the newest to the oldest and back, stopping at both ends', () => {
  const history = createSqlHistory()
  for (const sql of ['one', 'two', 'three']) history.add(sql)
  expect([history.older(), history.older(), history.older()]).toEqual(['two', 'one', undefined])
  expect([history.newer(), history.newer(), history.newer()]).toEqual(['two', 'three', undefined])
})

it('moves a repeated statement to the front', () => {
  const history = createSqlHistory()
  for (const sql of ['one', 'two', 'one']) history.add(sql)
  expect(history.entries).toEqual(['one', 'two'])
})

it('forgets the oldest past 100', () => {
  const history = createSqlHistory()
  for (let index = 0; index < 105; index += 1) history.add(`select ${index}`)
  expect(history.entries).toHaveLength(100)
  expect(history.entries.at(-1)).toBe('select 5')
})
